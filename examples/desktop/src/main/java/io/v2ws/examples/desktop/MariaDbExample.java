package io.v2ws.examples.desktop;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** MariaDB Connector/J. */
public final class MariaDbExample {
    private MariaDbExample() {}

    /** Prints the version of the server behind the tunnel. */
    public static void main(String[] args) throws SQLException {
        System.out.println(version(args[0]));
    }

    static String version(String tunnel) throws SQLException {
        // snippet mariadb
        System.setProperty("v2ws.client.url", tunnel); // wss://example.com/tunnel
        String url = "jdbc:mariadb://localhost/mysql?socketFactory=io.v2ws.client.socket.MariaDbSocketFactory";
        try (Connection connection = DriverManager.getConnection(url, "root", "");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT version()")) {
            rows.next();
            return rows.getString(1);
        }
        // end
    }
}
