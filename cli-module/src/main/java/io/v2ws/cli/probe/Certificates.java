package io.v2ws.cli.probe;

import io.v2ws.internal.tls.CertificatePins;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Formats a certificate chain. */
final class Certificates {
    private static final int MOST_CERTIFICATES = 10;
    private static final int MOST_NAMES = 10;
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withZone(ZoneOffset.UTC);

    private Certificates() {}

    static Fact fact(List<X509Certificate> chain) {
        List<Map<String, Object>> value = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (X509Certificate certificate : chain.subList(0, Math.min(chain.size(), MOST_CERTIFICATES))) {
            String subject =
                    ReportFormat.text(certificate.getSubjectX500Principal().getName());
            String issuer =
                    ReportFormat.text(certificate.getIssuerX500Principal().getName());
            List<String> names = names(certificate);
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("subject", subject);
            one.put("issuer", issuer);
            one.put("names", names);
            one.put("not_before", certificate.getNotBefore().toInstant().toString());
            one.put("not_after", certificate.getNotAfter().toInstant().toString());
            value.add(one);
            lines.add("certificate " + value.size() + ": " + subject);
            if (!names.isEmpty()) {
                lines.add("  for " + String.join(", ", names));
            }
            lines.add("  by " + issuer);
            pin(certificate).ifPresent(pin -> {
                one.put("sha256", pin);
                lines.add("  SHA-256 " + pin);
            });
            lines.add("  valid from " + day(certificate.getNotBefore()) + " to " + day(certificate.getNotAfter()));
        }
        return new Fact("certificates", value, lines);
    }

    private static Optional<String> pin(X509Certificate certificate) {
        try {
            return Optional.of(CertificatePins.of(certificate));
        } catch (CertificateEncodingException broken) {
            return Optional.empty();
        }
    }

    private static String day(Date date) {
        return DAY.format(date.toInstant());
    }

    private static List<String> names(X509Certificate certificate) {
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            return all == null
                    ? List.of()
                    : all.stream()
                            .filter(name -> name.get(0) instanceof Integer type
                                    && (type == DNS_NAME || type == IP_ADDRESS)
                                    && name.get(1) instanceof String)
                            .limit(MOST_NAMES)
                            .map(name -> ReportFormat.text((String) name.get(1)))
                            .toList();
        } catch (CertificateParsingException broken) {
            return List.of();
        }
    }
}
