using Firn.Evaluation.Host;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;

namespace Firn.Evaluation;

/// <summary>Values that are made again and again, and what may be read.</summary>
public sealed partial class Evaluator
{
    private readonly HashSet<string> _allowed = new(StringComparer.Ordinal);
    private NixString?[] _names = new NixString?[1024];

    /// <summary>Returns a name as a string; one object for each name.</summary>
    internal NixString NameValue(int symbol)
    {
        if (symbol >= _names.Length)
        {
            Array.Resize(ref _names, Math.Max(symbol + 1, _names.Length * 2));
        }

        return _names[symbol] ??= new NixString(Symbols[symbol].Bytes);
    }

    /// <summary>Returns the file, line and column of a position as a set; null when it is in no file.</summary>
    internal Value PositionValue(int position)
    {
        if (Sources.Find(position) is not { } source || source.Origin is not SourceOrigin.File file)
        {
            return NixNull.Instance;
        }

        var place = source.Locate(position);
        var set = new AttributeSetBuilder(3);
        set.Add(Names.File, NixString.Of(file.Path));
        set.Add(Names.Line, NixInt.Of(place.Line));
        set.Add(Names.Column, NixInt.Of(place.Column));
        return set.Build(Shapes);
    }

    /// <summary>Lets expressions read <paramref name="path"/> and what is below it.</summary>
    internal void AllowAccess(string path) => _allowed.Add(path);

    /// <summary>Checks that <paramref name="path"/> may be read.</summary>
    /// <exception cref="EvaluationException">Evaluation is pure or restricted and the path is not given.</exception>
    internal void CheckAccess(string path, int position)
    {
        if (!Settings.PureEval && !Settings.RestrictEval)
        {
            return;
        }

        // Looking into the folders above what is allowed is allowed: how else would one get there.
        for (var above = path; ; above = PathText.Parent(above))
        {
            if (_allowed.Contains(above))
            {
                return;
            }

            if (above == "/")
            {
                break;
            }
        }

        if (!_allowed.Any(allowed => PathText.IsWithin(allowed, path)) && !CoreFiles.Contains(path))
        {
            throw Error(
                EvaluationErrors.Forbidden, position,
                $"access to absolute path '{path}' is forbidden {(Settings.PureEval ? "in pure evaluation mode (use '--impure' to override)" : "in restricted mode")}");
        }
    }

    /// <summary>Checks that <paramref name="uri"/> may be fetched.</summary>
    internal void CheckUri(string uri)
    {
        if (!Settings.RestrictEval || Settings.AllowedUris.Any(prefix => IsAllowedBy(uri, prefix)))
        {
            return;
        }

        if (uri.StartsWith('/') || uri.StartsWith("file://", StringComparison.Ordinal))
        {
            CheckAccess(PathText.Canonical(uri.StartsWith('/') ? uri : uri["file://".Length..]), 0);
            return;
        }

        throw Error(
            EvaluationErrors.Forbidden, 0, $"access to URI '{uri}' is forbidden in restricted mode",
            "Add its beginning to the setting allowed-uris.");
    }

    internal EvaluationException MissingFile(string path, int position) => Error(
        EvaluationErrors.FileNotFound, position, $"path '{path}' does not exist", NearbyFile(path));

    // A prefix ends at a step of the path: https://a.b does not allow https://a.bc.
    private static bool IsAllowedBy(string uri, string prefix) =>
        uri == prefix
        || (uri.StartsWith(prefix, StringComparison.Ordinal)
            && (prefix.EndsWith('/') || uri[prefix.Length] is '/' or '?' or '#' || prefix.EndsWith(':')));

    private string NearbyFile(string path)
    {
        var folder = PathText.Parent(path);
        if (Host.Files.FindKind(folder) != FileKind.Directory)
        {
            return "";
        }

        var near = Model.Text.Suggestions.Nearest(PathText.BaseName(path), Host.Files.ReadDirectory(folder).Select(e => e.Name));
        return near.Count == 0 ? "" : $"Did you mean {near[0]}?";
    }
}
