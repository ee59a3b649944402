using Firn.Evaluation.Host;
using Firn.Evaluation.Values;
using Firn.Model.Diagnostics;
using Firn.Syntax.Text;

namespace Firn.Evaluation;

/// <summary>Values that are made again and again.</summary>
public sealed partial class Evaluator
{
    private NixString?[] _names = new NixString?[1024];

    /// <summary>Returns a name as a string; one object for each name.</summary>
    internal NixString NameValue(int symbol)
    {
        if (symbol >= _names.Length)
        {
            Array.Resize(ref _names, Math.Max(symbol + 1, _names.Length * 2));
        }

        return _names[symbol] ??= NixString.Of(Symbols[symbol]);
    }

    /// <summary>Returns the symbol that a string names.</summary>
    internal Symbol SymbolOf(NixString name) => name.SymbolId is { } id ? Symbols[id] : Symbols.Intern(name.Bytes);

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

    internal EvaluationException MissingFile(string path, int position) => Host.Flakes.FindMissing(path) is var (message, hint)
        ? Error(EvaluationErrors.FileNotFound, position, message, hint.Length > 0 ? hint : NearbyFile(path))
        : Error(EvaluationErrors.FileNotFound, position, $"path '{path}' does not exist", NearbyFile(path));

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
