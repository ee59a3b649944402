using System.Security.Cryptography;
using System.Text;

namespace Firn.CacheServer.Pages;

/// <summary>What all pages have around them.</summary>
internal static class PageFrame
{
    private const string Style = """
        :root{color-scheme:light dark;--line:#8886;--soft:#8881;--mark:#0a6}
        *{box-sizing:border-box}
        body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:0 auto;padding:1rem}
        header,footer{display:flex;flex-wrap:wrap;gap:1rem;align-items:baseline;justify-content:space-between}
        h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}
        a{color:inherit;text-decoration-color:var(--mark);text-decoration-thickness:2px;text-underline-offset:3px}
        a:focus-visible,input:focus-visible,button:focus-visible,pre:focus-visible{outline:3px solid var(--mark);outline-offset:2px}
        table{border-collapse:collapse;width:100%}
        caption{text-align:left;padding:.3rem 0}
        th,td{text-align:left;padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}
        .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        code,pre{font:14px/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
        pre{background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.8rem;white-space:pre-wrap;user-select:all}
        dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:1rem}
        dt{opacity:.8}dd{margin:0;font-size:1.3rem;font-variant-numeric:tabular-nums}
        form{display:flex;gap:.5rem;flex-wrap:wrap}input{flex:1;min-width:12rem}
        input,button{font:inherit;padding:.4rem .6rem;border:1px solid var(--line);border-radius:6px}
        .skip{position:absolute;left:-99rem}.skip:focus{position:static}
        """;

    /// <summary>What a browser may load and run for our pages: this style, and nothing else.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly Html _style = Html.Of($"<style>{Literal(Style)}</style>");

    /// <summary>Makes a whole page.</summary>
    public static Html Of(string title, Html navigation, Html content) => Html.Of(
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{title}</title>
        {_style}
        </head>
        <body>
        <a class="skip" href="#content">Skip to content</a>
        <header><nav aria-label="Caches"><a href="/">All caches</a>{navigation}</nav></header>
        <main id="content">
        <h1>{title}</h1>
        {content}
        </main>
        <footer><p>Firn binary cache server</p></footer>
        </body>
        </html>

        """);

    // The style is ours, and its hash must be that of exactly these bytes.
    private static Html Literal(string text)
    {
        var interpolation = new Html.Interpolation(text.Length, 0);
        interpolation.AppendLiteral(text);
        return Html.Of(interpolation);
    }
}
