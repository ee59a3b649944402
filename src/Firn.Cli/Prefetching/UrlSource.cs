using System.Text;
using Firn.Cli.Evaluating;
using Firn.Evaluation;
using Firn.Evaluation.Selecting;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Sessions;

namespace Firn.Cli.Prefetching;

/// <summary>Finds URLs in expressions: of a call to fetchurl, and of Nixpkgs' list of mirrors.</summary>
internal sealed class UrlSource(Session session, EvaluationArguments arguments)
{
    private const string Mirror = "mirror://";
    private const string MirrorList = "import <nixpkgs/pkgs/build-support/fetchurl/mirrors.nix>";

    /// <summary>Returns the first URL of a source, and whether it is an archive to be unpacked; null when it does not say.</summary>
    public (string Url, bool? IsTree) OfAttribute(string file, string attribute) => arguments.Open(session, isReadOnly: true).Run(eval =>
    {
        var given = arguments.Build(eval);
        var root = eval.Files.EvaluateFile(SourceArguments.FileOf(eval, file));
        var source = SelectionPath.Find(eval, attribute, given, root).Value;
        var url = Text(eval, "v: builtins.head (v.urls or (throw \"attribute 'urls' missing\"))", source);
        var mode = Text(eval, "v: v.outputHashMode or \"\"", source);
        if (mode.Length == 0)
        {
            session.Log.Write(Verbosity.Info, "warning: this does not look like a fetchurl call");
        }

        return (url, mode.Length == 0 ? (bool?)null : mode == "recursive");
    });

    /// <summary>Replaces <c>mirror://name/</c> by the first of the servers of that name.</summary>
    public string ResolveMirror(string url)
    {
        if (!url.StartsWith(Mirror, StringComparison.Ordinal))
        {
            return url;
        }

        var slash = url.IndexOf('/', Mirror.Length);
        if (slash < 0)
        {
            throw new UsageException($"invalid mirror URL '{url}'");
        }

        var (name, rest) = (url[Mirror.Length..slash], url[(slash + 1)..]);
        var server = arguments.Open(session, isReadOnly: true).Run(eval => Text(
            eval, $"name: builtins.head (({MirrorList}).${{name}} or (throw \"unknown mirror name '${{name}}'\"))", NixString.Of(name)));
        return server.TrimEnd('/') + "/" + rest;
    }

    private static string Text(Evaluator eval, string function, Value argument) => Encoding.UTF8.GetString(eval.ToPlainString(
        eval.Force(eval.Call(eval.Files.EvaluateText(function), argument)), "while looking for the URL of a source"));
}
