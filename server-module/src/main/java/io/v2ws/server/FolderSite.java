package io.v2ws.server;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;

/**
 * The ordinary site: serves the files of a folder, in any servlet container (rule S20 of {@code docs/protocol.md}).
 * Map the servlet to {@code /*}. It compares the raw path below the context path.
 *
 * <p>{@code index.html} stands for its folder; {@code 404.html} at the top is the page of everything that does not
 * exist. There are no listings of folders. Names that begin with a dot, except for {@code /.well-known}, and symbolic
 * links to other places do not exist. Files may change at any time. Where the servlet and the filters before it
 * support asynchronous requests, no thread waits for a slow visitor.
 */
public final class FolderSite extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final String INDEX = "index.html";
    private static final String NOT_FOUND_PAGE = "/404.html";

    private final transient SiteFolder folder;

    /**
     * Makes one.
     *
     * @throws IllegalArgumentException if this is no folder that can be read
     */
    public FolderSite(Path folder) {
        this.folder = new SiteFolder(Objects.requireNonNull(folder, "folder"));
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            response.setHeader("Allow", "GET, HEAD");
            empty(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED);
            return;
        }
        String path = TunnelRequestReader.head(request).path();
        Path found = folder.find(path);
        boolean asFolder = path.endsWith("/");
        if (found != null && Files.isDirectory(found)) {
            if (!asFolder) {
                redirectToFolder(request, response);
                return;
            }
            found = folder.find(path + INDEX);
        } else if (asFolder) {
            found = null;
        }
        if (found == null || !sendFile(found, request, response)) {
            sendNotFound(request, response);
        }
    }

    private static void empty(HttpServletResponse response, int status) {
        response.setStatus(status);
        response.setContentLength(0);
    }

    /** By a path without a host: behind a proxy this end does not know what the visitor calls it. */
    private static void redirectToFolder(HttpServletRequest request, HttpServletResponse response) {
        String query = request.getQueryString() == null ? "" : '?' + request.getQueryString();
        response.setHeader("Location", request.getRequestURI() + '/' + query);
        empty(response, HttpServletResponse.SC_MOVED_PERMANENTLY);
    }

    private void sendNotFound(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Path page = folder.find(NOT_FOUND_PAGE);
        FileChannel file = page == null ? null : open(page);
        if (file == null) {
            empty(response, HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setStatus(HttpServletResponse.SC_NOT_FOUND);
        sendBody(page, file, new ByteRange(0, file.size()), request, response);
    }

    /** Sends a file, or what a conditional request gets in its place; false if it cannot be read. */
    private static boolean sendFile(Path path, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        FileChannel file = open(path);
        if (file == null) {
            return false;
        }
        long size = file.size();
        long modified = Files.getLastModifiedTime(path).toMillis();
        String tag = '"' + Long.toHexString(modified) + '-' + Long.toHexString(size) + '"';
        response.setHeader("ETag", tag);
        response.setDateHeader("Last-Modified", modified);
        response.setHeader("Accept-Ranges", "bytes");
        if (isUnchanged(request, tag, modified)) {
            file.close();
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return true;
        }
        ByteRange range = ByteRange.of(wantedRange(request, tag), size);
        if (range == null) {
            file.close();
            response.setHeader("Content-Range", "bytes */" + size);
            empty(response, HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE);
            return true;
        }
        if (range.length() < size) {
            response.setHeader("Content-Range", range.contentRange(size));
            response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
        }
        sendBody(path, file, range, request, response);
        return true;
    }

    /** Opens a file; null if it is none, or cannot be read. */
    private static FileChannel open(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            // Opening a pipe would wait.
            return attributes.isRegularFile() ? FileChannel.open(path, StandardOpenOption.READ) : null;
        } catch (IOException unreadable) {
            return null;
        }
    }

    /** RFC 9110, 13.2.2: the date counts only where there is no tag. */
    private static boolean isUnchanged(HttpServletRequest request, String tag, long modified) {
        String tags = request.getHeader("If-None-Match");
        if (tags != null) {
            return Arrays.stream(tags.split(","))
                    .map(String::trim)
                    .anyMatch(known -> known.equals("*") || known.equals(tag) || known.equals("W/" + tag));
        }
        try {
            return modified / 1000 <= Math.floorDiv(request.getDateHeader("If-Modified-Since"), 1000L);
        } catch (IllegalArgumentException noDate) {
            return false;
        }
    }

    /** Returns the header Range; null if there is none, or if it is for another version of the file. */
    private static String wantedRange(HttpServletRequest request, String tag) {
        String version = request.getHeader("If-Range");
        boolean applies = request.getMethod().equals("GET") && (version == null || version.equals(tag));
        return applies ? request.getHeader("Range") : null;
    }

    /** Containers take text for Latin-1 otherwise. */
    private static String withCharset(String type) {
        if (type == null) {
            return "application/octet-stream";
        }
        return type.startsWith("text/") && !type.contains("charset") ? type + ";charset=utf-8" : type;
    }

    private static void sendBody(
            Path path, FileChannel file, ByteRange range, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String type = request.getServletContext().getMimeType(path.getFileName().toString());
        response.setContentType(withCharset(type));
        response.setContentLengthLong(range.length());
        if (request.getMethod().equals("HEAD")) {
            file.close();
        } else {
            FileBody.send(file, range, request, response);
        }
    }
}
