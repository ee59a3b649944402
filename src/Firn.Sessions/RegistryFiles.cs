using Firn.Fetching;
using Firn.Fetching.Inputs;
using Firn.Flakes.References;
using Firn.Flakes.Registries;

namespace Firn.Sessions;

/// <summary>The registries of flakes that count for a session.</summary>
public sealed class RegistryFiles
{
    private const string FileName = "registry.json";
    private const string GlobalName = "flake-registry.json";

    private readonly Session _session;
    private readonly InputForms _forms;
    private readonly Lazy<FlakeRegistry> _user;
    private readonly Lazy<FlakeRegistry> _system;
    private readonly Lazy<FlakeRegistry> _global;

    internal RegistryFiles(Session session, InputForms forms)
    {
        (_session, _forms) = (session, forms);
        _user = new(() => Read(RegistryKind.User, UserFile));
        _system = new(() => Read(RegistryKind.System, $"{session.Files.SystemDirectory}/{FileName}"));
        _global = new(ReadGlobal);
    }

    /// <summary>What the command line says.</summary>
    public FlakeRegistry Flags { get; private set; } = new(RegistryKind.Flag, []);

    /// <summary>Where the user's own registry is.</summary>
    public string UserFile => $"{_session.Directories.Configuration}/{FileName}";

    /// <summary>All of them, those that win first.</summary>
    public IEnumerable<FlakeRegistry> List()
    {
        yield return Flags;
        yield return _user.Value;
        yield return _system.Value;
        yield return _global.Value;
    }

    /// <summary>Adds what the command line says.</summary>
    public void Add(InputAttributes from, FlakeReference to) => Flags = Flags with { Entries = Flags.Entries.Add(new RegistryEntry(from, to)) };

    /// <summary>Reads the registry in a file; one that is not there has no entries.</summary>
    public FlakeRegistry Read(RegistryKind kind, string file) => File.Exists(file)
        ? FlakeRegistry.Read(kind, File.ReadAllText(file), file, _forms, _session.Log)
        : new FlakeRegistry(kind, []);

    /// <summary>Writes a registry.</summary>
    public static void Write(FlakeRegistry registry, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        File.WriteAllText(file, registry.ToJson());
    }

    private FlakeRegistry ReadGlobal()
    {
        var place = _session.Get<FetchSettings>().FlakeRegistry;
        if (place.Length == 0 || place.StartsWith('/'))
        {
            return Read(RegistryKind.Global, place);
        }

        var path = _session.Fetcher.Download(place, GlobalName).Path;
        _session.Store.Roots.AddPermanentRoot(path, $"{_session.Directories.Cache}/{GlobalName}");
        return Read(RegistryKind.Global, _session.Fetcher.Store.RealPath(path));
    }
}
