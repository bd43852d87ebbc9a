package io.v2ws.examples.desktop;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** PostgreSQL's JDBC driver. */
public final class PostgresExample {
    private PostgresExample() {}

    /** Prints the version of the server behind the tunnel. */
    public static void main(String[] args) throws SQLException {
        System.out.println(version(args[0]));
    }

    static String version(String tunnel) throws SQLException {
        // snippet postgres
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("socketFactory", "io.v2ws.client.socket.PostgresSocketFactory");
        properties.setProperty("v2ws.client.url", tunnel); // wss://example.com/tunnel
        properties.setProperty("v2ws.client.maxEarlyData", "2048");
        try (Connection connection = DriverManager.getConnection("jdbc:postgresql://localhost/postgres", properties);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT version()")) {
            rows.next();
            return rows.getString(1);
        }
        // end
    }
}
