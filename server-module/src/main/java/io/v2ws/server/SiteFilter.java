package io.v2ws.server;

import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the folder that the key {@code site} names ({@code V2WS_SITE}) in place of a web application's own pages, as
 * {@link FolderSite} does. Without that key it passes every request on.
 *
 * <p>The filter is for {@code web.xml}, behind every {@link WebSocketUpgradeFilter} and mapped to {@code /*}. It finds
 * the key in the same places as that filter. A wrong value is logged once, and shown by the health pages; the
 * application's own pages stay, unless {@code on_error} is {@code fail}.
 */
public final class SiteFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(SiteFilter.class);

    /** Null for the application's own pages. Set by the container before it sends requests. */
    private transient FolderSite site;

    /** Made by the container. */
    public SiteFilter() {}

    /**
     * Finds the folder.
     *
     * @throws ServletException if {@code on_error} is {@code fail} and the folder cannot be read
     */
    @Override
    public void init(FilterConfig config) throws ServletException {
        super.init(config);
        ParamSources sources = ParamSources.of(config);
        String name = config.getFilterName();
        try {
            site = new ApplicationParams(sources, StartedFilter::tunnelFile)
                    .site()
                    .orElse(null);
            Health.of(config.getServletContext()).started(name, true);
        } catch (IllegalArgumentException x) {
            site = null;
            Health.of(config.getServletContext()).started(name, false);
            if (StartedFilter.failsOnError(new FilterParams(sources))) {
                throw new ServletException("filter " + name + ": " + x.getMessage(), x);
            }
            LOG.error("Cannot show the site: filter {}: {}; the application's own pages stay", name, x.getMessage());
        }
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (site == null) {
            chain.doFilter(request, response);
        } else {
            site.service(request, response);
        }
    }
}
