using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Firn.CacheServer.Http;
using Firn.CacheServer.Metadata;

namespace Firn.CacheServer.Pages;

/// <summary>The pages for people: which caches there are, what is in them, how to use them.</summary>
internal sealed class CachePages(ServedCaches caches, string? publicUrl)
{
    private const int Shown = 50;

    // Measuring reads large parts of the tables; a page may be some seconds old.
    private static readonly TimeSpan _freshness = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<long, (DateTimeOffset At, CacheStatistics Statistics)> _measured = new();

    public Task Overview(Exchange exchange, string query, AccessToken? token)
    {
        // A browser asks for a login only when it is told to: the link below does that.
        if (query == "login" && token is null)
        {
            exchange.Headers.WWWAuthenticate = "Basic realm=\"caches\", charset=\"UTF-8\"";
            return exchange.Send(401, "enter a token as password; the user's name does not matter");
        }

        var visible = caches.ByName.Values.Where(c => c.IsPublic || token?.Covers(c) == true).OrderBy(c => c.Name, StringComparer.Ordinal).ToList();
        var text = ValueOf(query, "q");
        var hidden = caches.ByName.Count - visible.Count;
        return Send(exchange, PageFrame.Of("Binary caches", Html.Empty, Html.Of(
            $"""
            {SearchForm(text, "all caches")}
            {(text.Length > 0 ? Html.Join(visible.Select(c => PathTable(c, text, $"Found in {c.Name}"))) : Html.Empty)}
            <section aria-labelledby="caches"><h2 id="caches">Caches</h2>
            {(visible.Count == 0 ? Html.Of($"<p>There are no caches that everybody may see. <code>firn cache create NAME</code> makes one.</p>") : Table(visible))}
            {(hidden > 0 && token is null ? Html.Of($"<p><a href=\"/?login\">Show private caches</a></p>") : Html.Empty)}
            </section>
            {(text.Length == 0 ? Html.Join(visible.Select(c => PathTable(c, "", $"Recent in {c.Name}", 10))) : Html.Empty)}
            """)));
    }

    public Task Cache(Exchange exchange, NamedCache cache, string query)
    {
        var text = ValueOf(query, "q");
        var measured = Measure(cache);
        var navigation = Html.Of($" › <a href=\"/{cache.Name}/\" aria-current=\"page\">{cache.Name}</a>");
        return Send(exchange, PageFrame.Of(cache.Name, navigation, Html.Of(
            $"""
            <p>{(cache.IsPublic ? "Public: everybody may fetch from it." : "Private: fetching needs a token.")}</p>
            <dl>
            <div><dt>Paths</dt><dd>{measured.Paths}</dd></div>
            <div><dt>Size of their contents</dt><dd>{Sizes.Of(measured.NarBytes)}</dd></div>
            <div><dt>Size on disk</dt><dd>{Sizes.Of(measured.StoredBytes)}</dd></div>
            <div><dt>Hit rate</dt><dd>{HitRate(measured.Use)}</dd></div>
            <div><dt>Served</dt><dd>{Sizes.Of(measured.Use.BytesSent)}</dd></div>
            </dl>
            <section aria-labelledby="use"><h2 id="use">How to use it</h2>
            <p id="conf">Lines for <code>nix.conf</code>; one click selects all:</p>
            <pre tabindex="0" aria-labelledby="conf">{PullConfiguration.NixConf(UrlOf(exchange, cache), caches.Key(cache).PublicKey.ToString())}</pre>
            {(cache.IsPublic ? Html.Empty : Netrc(exchange, cache))}
            <p id="push">To push what you built:</p>
            <pre tabindex="0" aria-labelledby="push">firn cache login {cache.Name} {UrlOf(exchange, cache)}
            firn cache push {cache.Name} ./result</pre>
            </section>
            {SearchForm(text, cache.Name)}
            {PathTable(cache, text, text.Length > 0 ? "Found" : "Recent paths")}
            """)));
    }

    /// <summary>The configuration as plain text, for programs.</summary>
    public Task Configuration(Exchange exchange, NamedCache cache)
    {
        var url = UrlOf(exchange, cache);
        var text = PullConfiguration.NixConf(url, caches.Key(cache).PublicKey.ToString())
            + (cache.IsPublic ? "" : $"# netrc: {PullConfiguration.Netrc(url)}\n{OnePassword("# ")}");
        return exchange.Send(Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8");
    }

    private static Html SearchForm(string text, string where) => Html.Of(
        $"""
        <form role="search" method="get"><label for="q">Search in {where}</label>
        <input id="q" name="q" type="search" value="{text}" placeholder="name or hash"><button>Search</button></form>
        """);

    private Html Table(IEnumerable<NamedCache> shown) => Html.Of(
        $"""
        <table><thead><tr><th scope="col">Name</th><th scope="col">Who may fetch</th><th scope="col" class="number">Paths</th>
        <th scope="col" class="number">Contents</th><th scope="col" class="number">On disk</th><th scope="col" class="number">Hit rate</th></tr></thead>
        <tbody>{Html.Join(shown.Select(Row))}</tbody></table>
        """);

    private Html Row(NamedCache cache)
    {
        var measured = Measure(cache);
        return Html.Of(
            $"""
            <tr><th scope="row"><a href="/{cache.Name}/">{cache.Name}</a></th><td>{(cache.IsPublic ? "everybody" : "who has a token")}</td>
            <td class="number">{measured.Paths}</td><td class="number">{Sizes.Of(measured.NarBytes)}</td>
            <td class="number">{Sizes.Of(measured.StoredBytes)}</td><td class="number">{HitRate(measured.Use)}</td></tr>
            """);
    }

    private Html PathTable(NamedCache cache, string text, string caption, int limit = Shown)
    {
        var paths = caches.Metadata.Search(cache, SearchedFor(text, cache), limit);
        return paths.Count == 0 ? Html.Of($"<p>{caption}: nothing.</p>") : Html.Of(
            $"""
            <table><caption>{caption}{(paths.Count == limit ? $" (the first {limit})" : "")}</caption>
            <thead><tr><th scope="col">Path</th><th scope="col" class="number">Last used</th></tr></thead>
            <tbody>{Html.Join(paths.Select(p => PathRow(cache, p)))}</tbody></table>
            """);
    }

    // Whoever has a whole path at hand, perhaps of a file, need not take it apart.
    private static string SearchedFor(string text, NamedCache cache)
    {
        var directory = cache.Directory.Path + "/";
        return text.StartsWith(directory, StringComparison.Ordinal) ? text[directory.Length..].Split('/')[0] : text;
    }

    private static Html PathRow(NamedCache cache, StoredPath path)
    {
        var used = path.Accessed.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return Html.Of(
            $"""
            <tr><td><a href="/{cache.Name}/{path.Path.Digest}.narinfo"><code>{path.Path.ToString()}</code></a></td>
            <td class="number"><time datetime="{used}Z">{used}</time></td></tr>
            """);
    }

    private Html Netrc(Exchange exchange, NamedCache cache) => Html.Of(
        $"""
        <p id="netrc">A line for the netrc file, with your token:</p>
        <pre tabindex="0" aria-labelledby="netrc">{PullConfiguration.Netrc(UrlOf(exchange, cache))}</pre>
        {(OnePassword("") is { Length: > 0 } note ? Html.Of($"<p>{note}</p>") : Html.Empty)}
        """);

    // With one private cache on a server it makes no difference.
    private string OnePassword(string prefix) => caches.ByName.Values.Count(c => !c.IsPublic) < 2
        ? ""
        : $"{prefix}A netrc file has one password for each host: who fetches from several private caches of this one needs a token for all, '--all-caches'.\n";

    private CacheStatistics Measure(NamedCache cache)
    {
        var now = caches.Time.GetUtcNow();
        if (!_measured.TryGetValue(cache.Id, out var known) || now - known.At > _freshness)
        {
            caches.RecordUse();
            _measured[cache.Id] = known = (now, caches.Metadata.Measure(cache));
        }

        return known.Statistics;
    }

    private static string HitRate(CacheUse use) => use.Hits + use.Misses == 0
        ? "–"
        : $"{(100.0 * use.Hits / (use.Hits + use.Misses)).ToString("0.#", CultureInfo.InvariantCulture)} %";

    private string UrlOf(Exchange exchange, NamedCache cache)
    {
        var host = exchange.Header("Host");
        return $"{publicUrl?.TrimEnd('/') ?? $"http://{(string.IsNullOrEmpty(host) ? "localhost" : host)}"}/{cache.Name}";
    }

    private static string ValueOf(string query, string name)
    {
        foreach (var pair in query.Split('&'))
        {
            if (pair.StartsWith(name + "=", StringComparison.Ordinal))
            {
                return Uri.UnescapeDataString(pair[(name.Length + 1)..].Replace('+', ' ')).Trim();
            }
        }

        return "";
    }

    private static Task Send(Exchange exchange, Html page)
    {
        exchange.Headers.ContentSecurityPolicy = PageFrame.Policy;
        exchange.Headers.XContentTypeOptions = "nosniff";
        exchange.Headers.CacheControl = "no-store";
        return exchange.Send(Encoding.UTF8.GetBytes(page.ToString()), "text/html; charset=utf-8");
    }
}
