package io.v2ws.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** An ordinary Spring Boot application; {@link TunnelConfiguration} adds a tunnel. */
@SpringBootApplication
public class TunnelApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(TunnelApplication.class, arguments);
    }
}
