using System.Collections.Immutable;
using Firn.Evaluation.Contexts;
using Firn.Evaluation.Host;
using Firn.Evaluation.Values;
using Firn.Model.ContentAddresses;
using Firn.Model.Hashing;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Evaluation.Builtins;

/// <summary>The builtins that read files and put them into the store.</summary>
internal static class Files
{
    /// <summary>Evaluates a file; once however often it is imported.</summary>
    [Builtin("import", Global = true)]
    public static Value Import(Evaluator eval, Value value)
    {
        var path = eval.RealisePath(value, 0);
        return AsDerivation(eval, path) is { } derivation
            ? ImportDerivation(eval, path, derivation)
            : eval.Files.EvaluateFile(path, eval.CallPosition());
    }

    /// <summary>Evaluates a file that sees the attributes of a set as variables.</summary>
    [Builtin("scopedImport", Global = true)]
    public static Value ScopedImport(Evaluator eval, AttributeSet variables, Value value) =>
        eval.Files.EvaluateFile(eval.RealisePath(value, 0), variables, eval.CallPosition());

    [Builtin("readFile")]
    public static Value ReadFile(Evaluator eval, Value value)
    {
        var path = eval.RealisePath(value, 0);
        var content = Read(eval, path);
        if (content.Contains((byte)0))
        {
            throw eval.Error(EvaluationErrors.BadArgument, 0, $"the contents of the file '{path}' cannot be represented as a Nix string");
        }

        ImmutableArray<StorePath> references = [];
        if (eval.Host.Store.Directory.TrySplit(path, out var stored, out _))
        {
            references = eval.Host.Store.References(stored);
            references = references.IsEmpty ? references : eval.Host.Store.ScanReferences(content, references);
        }

        var text = new NixString(content, StringContext.Of(references.Select(r => new ContextElement.Opaque(r))));
        eval.RememberFile(text, path);
        return text;
    }

    /// <summary>Returns the names in a folder, each with what it is.</summary>
    [Builtin("readDir")]
    public static Value ReadDir(Evaluator eval, Value value)
    {
        var path = eval.RealisePath(value, 0);
        var real = eval.Host.Store.RealPath(path);
        RequireFile(eval, path, real);
        var entries = eval.Host.Files.ReadDirectory(real);
        var set = new AttributeSetBuilder(entries.Count);
        Value[] kinds = [.. Enum.GetValues<FileKind>().Select(kind => Kind(kind))];
        var isOpen = !eval.IsRestricted;
        foreach (var (name, kind) in entries)
        {
            if (isOpen || eval.MayRead(PathText.Append(path, name)))
            {
                set.Add(eval.Symbols.Intern(name), kinds[(int)kind]);
            }
        }

        return set.Build();
    }

    [Builtin("readFileType")]
    public static Value ReadFileType(Evaluator eval, Value value)
    {
        var path = eval.RealisePath(value, 0, followsLast: false);
        return Kind(eval.Host.Files.FindKind(eval.Host.Store.RealPath(path)) ?? throw eval.MissingFile(path, 0));
    }

    [Builtin("pathExists")]
    public static bool PathExists(Evaluator eval, Value value)
    {
        // A slash at the end asks for a folder.
        var wantsDirectory = value.AsString is { } text && (text.Bytes.EndsWith("/"u8) || text.Bytes.EndsWith("/."u8));
        var path = eval.CoerceToPath(value, 0, "while evaluating the first argument passed to builtins.pathExists", out var context);
        if (context is not null)
        {
            path = eval.Realise(path, context, 0);
        }

        try
        {
            path = eval.CheckLinks(path, wantsDirectory, 0);
        }
        catch (EvaluationException failure) when (failure.Kind == EvaluationErrors.Forbidden)
        {
            return false;
        }

        var files = eval.Host.Files;
        var real = eval.Host.Store.RealPath(path);
        var kind = files.FindKind(real);
        return kind is not null && (!wantsDirectory || files.FindKind(files.Resolve(real)) == FileKind.Directory);
    }

    [Builtin("hashFile")]
    public static Value HashFile(Evaluator eval, NixString algorithm, Value value) => NixString.Of(
        Hash.Of(Conversions.Algorithm(eval, algorithm.ToString()), Read(eval, eval.RealisePath(value, 0))).Digest(HashFormat.Base16));

    /// <summary>Finds a name among entries of a search path.</summary>
    [Builtin("findFile")]
    public static Value FindFile(Evaluator eval, NixList entries, NixString name)
    {
        var paths = new List<SearchPathEntry>();
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = eval.ForceSet(eval.Force(entries.Items[i]), 0, "while evaluating an element of the list passed to builtins.findFile");
            var prefix = entry.Find(eval.Names.Prefix) is { } given
                ? eval.ForceStringWithoutContext(given, 0, "while evaluating the `prefix` attribute of an element of the list passed to builtins.findFile").ToString()
                : "";
            var path = eval.CoerceToString(
                eval.GetAttribute(entry, "path", "in an element of the __nixPath"), 0,
                "while evaluating the `path` attribute of an element of the list passed to builtins.findFile", Coercion.None);
            paths.Add(new SearchPathEntry(prefix, path.Context is null ? path.ToString() : eval.Realise(path.ToString(), path.Context, 0)));
        }

        return SearchPaths.Find(eval, paths, name.ToString());
    }

    /// <summary>Writes a string into the store.</summary>
    [Builtin("toFile")]
    public static Value ToFile(Evaluator eval, NixString name, NixString content)
    {
        var references = ImmutableArray.CreateBuilder<StorePath>();
        foreach (var element in content.Context?.Elements ?? [])
        {
            references.Add(element is ContextElement.Opaque opaque ? opaque.Object : throw eval.Error(
                EvaluationErrors.BadArgument, 0,
                $"files created by builtins.toFile may not reference derivations, but {name} references {eval.Host.Store.Directory.Absolute(element.Path)}",
                "Make a derivation that writes the file instead, such as pkgs.writeText does."));
        }

        return eval.StoredString(eval.Host.Store.AddText(name.ToString(), content.Bytes.ToArray(), references.ToImmutable()));
    }

    /// <summary>Turns a string into an absolute path as a string.</summary>
    [Builtin("toPath")]
    public static Value ToPath(Evaluator eval, Value value)
    {
        var path = eval.CoerceToPath(value, 0, "while evaluating the first argument passed to builtins.toPath", out var context);
        return NixString.Of(path, context);
    }

    /// <summary>Copies a folder into the store without what a function rejects.</summary>
    [Builtin("filterSource")]
    public static Value FilterSource(Evaluator eval, Function filter, Value value)
    {
        var path = eval.CoerceToPath(
            value, 0, "while evaluating the second argument (the path to filter) passed to 'builtins.filterSource'", out var context);
        return Add(eval, PathText.BaseName(path), path, filter.Value, ContentAddressMethod.NixArchive, null, context);
    }

    /// <summary>Copies a file or folder into the store, under a name, filtered, or checked against a hash.</summary>
    [Builtin("path")]
    public static Value PathOf(Evaluator eval, AttributeSet arguments)
    {
        string? path = null, name = null;
        Value? filter = null;
        Hash? expected = null;
        StringContext? context = null;
        var method = ContentAddressMethod.NixArchive;
        foreach (var (attribute, value, position) in arguments.ByName(eval.Symbols))
        {
            switch (attribute.ToString())
            {
                case "path":
                    path = eval.CoerceToPath(value, position, "while evaluating the 'path' attribute passed to 'builtins.path'", out context);
                    break;
                case "name":
                    name = eval.ForceStringWithoutContext(value, position, "while evaluating the `name` attribute passed to builtins.path").ToString();
                    break;
                case "filter":
                    filter = eval.ForceFunction(value, position, "while evaluating the `filter` parameter passed to builtins.path");
                    break;
                case "recursive":
                    method = eval.ForceBool(value, position, "while evaluating the `recursive` attribute passed to builtins.path")
                        ? ContentAddressMethod.NixArchive
                        : ContentAddressMethod.Flat;
                    break;
                case "sha256":
                    expected = eval.ParseHashAllowingEmpty(
                        eval.ForceStringWithoutContext(value, position, "while evaluating the `sha256` attribute passed to builtins.path").ToString(),
                        HashAlgorithm.Sha256);
                    break;
                default:
                    throw eval.Error(EvaluationErrors.BadArgument, position, $"unsupported argument '{attribute}' to 'builtins.path'", Suggestions.Hint(attribute.ToString(), ["path", "name", "filter", "recursive", "sha256"]) ?? "");
            }
        }

        return path is null
            ? throw eval.Error(EvaluationErrors.MissingArgument, 0, "missing required 'path' attribute in the first argument to 'builtins.path'")
            : Add(eval, name is null or "" ? PathText.BaseName(path) : name, path, filter, method, expected, context);
    }

    /// <summary>Makes a string depend on the store object that it names.</summary>
    [Builtin("storePath")]
    public static Value StorePathOf(Evaluator eval, Value value)
    {
        if (eval.Settings.PureEval)
        {
            throw eval.Error(EvaluationErrors.Forbidden, 0, "'builtins.storePath' is not allowed in pure evaluation mode");
        }

        var path = eval.CoerceToPath(value, 0, "while evaluating the first argument passed to 'builtins.storePath'", out var context);
        var directory = eval.Host.Store.Directory;
        if (!directory.TryParse(path, out _))
        {
            path = eval.Host.Files.Resolve(path);
        }

        if (!directory.TrySplit(path, out var stored, out _))
        {
            throw eval.Error(EvaluationErrors.BadArgument, 0, $"path '{path}' is not in the Nix store");
        }

        eval.Host.Store.EnsurePath(stored);
        return NixString.Of(path, StringContext.Union(context, StringContext.Of(new ContextElement.Opaque(stored))));
    }

    [Builtin("getEnv")]
    public static Value GetEnv(Evaluator eval, NixString name) => NixString.Of(
        eval.Settings.PureEval || eval.Settings.RestrictEval ? "" : eval.Host.FindEnvironmentVariable(name.ToString()) ?? "");

    private static NixString Add(
        Evaluator eval, string name, string path, Value? filter, ContentAddressMethod method, Hash? expected, StringContext? context)
    {
        ImmutableArray<StorePath> references = [];
        if (context is not null && eval.Host.Store.Directory.Contains(path))
        {
            path = eval.Realise(path, context, 0);
            if (eval.Host.Store.Directory.TrySplit(path, out var stored, out _))
            {
                references = eval.Host.Store.References(stored);
            }
        }

        eval.CheckLinks(path, followsLast: true, 0);
        var real = eval.Host.Files.Resolve(eval.Host.Store.RealPath(path));
        var added = eval.Host.Store.AddPath(
            name, real, method, filter is not { } wants ? null : (inner, kind) => eval.ForceBool(
                eval.Call(wants, NixString.Of(path + inner[real.Length..]), Kind(kind)), 0, "while evaluating the return value of the path filter function"),
            expected, references);
        return eval.StoredString(added);
    }

    private static byte[] Read(Evaluator eval, string path)
    {
        var real = eval.Host.Store.RealPath(path);
        if (CoreFiles.Find(path) is { } core)
        {
            return core;
        }

        RequireFile(eval, path, real);
        return eval.Host.Files.ReadFile(real);
    }

    private static void RequireFile(Evaluator eval, string path, string real)
    {
        if (eval.Host.Files.FindKind(real) is null)
        {
            throw eval.MissingFile(path, 0);
        }
    }

    private static NixString Kind(FileKind kind) => kind switch
    {
        FileKind.Regular => NixString.Of("regular"),
        FileKind.Directory => NixString.Of("directory"),
        FileKind.Link => NixString.Of("symlink"),
        _ => NixString.Of("unknown"),
    };

    private static StorePath? AsDerivation(Evaluator eval, string path) =>
        path.EndsWith(".drv", StringComparison.Ordinal) && eval.Host.Store.Directory.TryParse(path, out var stored) && eval.Host.Store.IsValid(stored)
            ? stored
            : null;

    // A derivation's file stands for the set that `derivation` would have made.
    private static AttributeSet ImportDerivation(Evaluator eval, string path, StorePath stored)
    {
        var derivation = eval.Host.Store.ReadDerivation(stored);
        var directory = eval.Host.Store.Directory;
        AttributeSet Of(string? output)
        {
            var set = new AttributeSetBuilder(derivation.Outputs.Length + 6);
            set.Add(eval.Names.DrvPath, NixString.Of(path, StringContext.Of(new ContextElement.DerivationClosure(stored))));
            set.Add(eval.Names.Name, FindName());
            set.Add(eval.Names.Outputs, NixList.Of(derivation.Outputs.Select(o => (Value)NixString.Of(o.Name)).ToList()));
            set.Add(eval.Names.Type, NixString.Of("derivation"));
            set.Add(eval.Names.All, Forcing.DelayedCode.Thunk(_ => NixList.Of(derivation.Outputs.Select(o => (Value)Of(o.Name)).ToList())));
            var own = output ?? derivation.Outputs[0].Name;
            set.Add(eval.Symbols.Intern("outputName"), NixString.Of(own));
            set.Add(eval.Names.OutPath, PathOf(own));
            foreach (var other in derivation.Outputs)
            {
                set.Add(eval.Symbols.Intern(other.Name), Forcing.DelayedCode.Thunk(_ => Of(other.Name)));
            }

            return set.Build();
        }

        return Of(null);

        NixString PathOf(string output) => eval.OutputString(
            new ContextElement.Output(stored, output), derivation.FindOutput(output)!.FindPath(directory, derivation.Name, output));

        NixString FindName() => derivation.FindEnvironment("name"u8) is { } name ? new NixString(name.Bytes) : NixString.Of(derivation.Name);
    }
}
