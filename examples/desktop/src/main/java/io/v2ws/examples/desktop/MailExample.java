package io.v2ws.examples.desktop;

import io.v2ws.client.WebSocketTransportClient;
import io.v2ws.client.socket.TunnelSocketFactory;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.Properties;

/** Angus Mail, the implementation of Jakarta Mail. */
public final class MailExample {
    private MailExample() {}

    /** Sends a mail through the server behind the tunnel: URL, sender, recipient. */
    public static void main(String[] args) throws MessagingException, IOException {
        try (WebSocketTransportClient client = Tunnels.client(args[0])) {
            send(client, args[1], args[2], "Hello");
        }
    }

    static void send(WebSocketTransportClient client, String from, String to, String subject)
            throws MessagingException {
        // snippet mail
        Properties properties = new Properties();
        properties.put("mail.smtp.host", "localhost");
        properties.put("mail.smtp.socketFactory", new TunnelSocketFactory(client)); // also mail.imap.…
        properties.put("mail.smtp.socketFactory.fallback", "false");
        MimeMessage message = new MimeMessage(Session.getInstance(properties));
        message.setFrom(new InternetAddress(from));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(to));
        message.setSubject(subject);
        message.setText("Sent through a tunnel.");
        Transport.send(message);
        // end
    }
}
