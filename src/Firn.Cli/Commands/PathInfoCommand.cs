using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Cli.Rendering;
using Firn.Model.Diagnostics;
using Firn.Model.PathInfos;
using Firn.Model.StorePaths;
using Firn.Sessions;
using Firn.Store.PathInfos;

namespace Firn.Cli.Commands;

/// <summary><c>nix path-info</c>: prints what the store knows about objects.</summary>
internal sealed class PathInfoCommand : StorePathsCommand
{
    private readonly JsonOptions _json = new();
    private bool _size;
    private bool _closureSize;
    private bool _forPeople;
    private bool _signatures;
    private int? _version;

    public override string Summary => "query information about store paths";

    public override string Examples => """
        # The size of the closure of everything in the store, the largest last:
        $ nix path-info --all --closure-size | sort -nk2
        # Where the result of the last build is, and what it weighs:
        $ nix path-info -rsh ./result
        """;

    protected override void DeclareOptions(Grammar grammar)
    {
        grammar
            .Flag("size", "Print the size of the NAR serialisation of each path.", () => _size = true, 's')
            .Flag("closure-size", "Print the sum of the sizes of the NAR serialisations of the closure of each path.", () => _closureSize = true, 'S')
            .Flag("human-readable", "With -s and -S, print sizes in a human-friendly format such as 5.67G.", () => _forPeople = true, 'h')
            .Flag("sigs", "Show signatures.", () => _signatures = true)
            .Value("json-format", "version", "JSON format version to use, 1 or 2.", v => _version = v switch
            {
                "1" => 1,
                "2" => 2,
                _ => throw new UsageException($"unsupported path info JSON format version '{v}'"),
            });
        _json.Declare(grammar);
    }

    protected override int Execute(Session session, IReadOnlyList<StorePath> paths, Output output)
    {
        if (_json.IsWanted)
        {
            WriteJson(session, paths, output);
            return 0;
        }

        var directory = session.StoreDirectory;
        var width = paths.Select(p => directory.Absolute(p).Length).DefaultIfEmpty().Max();
        foreach (var path in paths)
        {
            var info = session.Store.Infos.Get(path, directory);
            var text = directory.Absolute(info.Path);
            text = _size || _closureSize || _signatures ? text.PadRight(width) : text;
            text += (_size ? "\t" + Size(info.NarSize) : "") + (_closureSize ? "\t" + Size(NarSize(session, session.Store.Closure.Of([path]))) : "");
            if (_signatures)
            {
                IEnumerable<string> words = info.IsUltimate ? ["ultimate"] : [];
                words = info.ContentAddress is { } address ? words.Append($"ca:{address}") : words;
                text += "\t" + string.Join(' ', words.Concat(info.Signatures));
            }

            output.Line(text);
        }

        return 0;
    }

    private void WriteJson(Session session, IReadOnlyList<StorePath> paths, Output output)
    {
        if (_version is null)
        {
            session.Log.Write(
                Verbosity.Warning,
                "'--json' without '--json-format' is deprecated; please specify '--json-format 1' or '--json-format 2'. This will become an error in a future release.");
        }

        var version = _version ?? 1;
        var directory = session.StoreDirectory;
        output.Json(_json.IsPretty, json =>
        {
            json.WriteStartObject();
            if (version == 2)
            {
                json.WriteStartObject("info");
            }

            foreach (var path in paths.Distinct().Order())
            {
                json.WritePropertyName(version == 1 ? directory.Absolute(path) : path.ToString());
                if (session.Store.Infos.Find(path) is { } info)
                {
                    json.WriteStartObject();
                    var closure = _closureSize ? session.Store.Closure.Of([path]) : null;
                    PathInfoJson.WriteMembers(
                        json, info, directory, version, closure is null ? null : NarSize(session, closure),
                        session.Store.FindNarInfo?.Invoke(path),
                        session.Store.FindNarInfo is null ? null : closure?.Sum(session.Store.DownloadSize));
                    json.WriteEndObject();
                }
                else
                {
                    json.WriteNullValue();
                }
            }

            if (version == 2)
            {
                json.WriteEndObject();
                json.WriteString("storeDir", directory.Path);
                json.WriteNumber("version", version);
            }

            json.WriteEndObject();
        });
    }

    private string Size(long bytes) => _forPeople ? SizeText.Render(bytes, aligned: true) : $"{bytes,11}";

    private static long NarSize(Session session, IEnumerable<StorePath> paths) =>
        paths.Sum(p => session.Store.Infos.Get(p, session.StoreDirectory).NarSize);
}
