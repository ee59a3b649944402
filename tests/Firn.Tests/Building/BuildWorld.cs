using System.Collections.Concurrent;
using Firn.Building;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Sandbox;
using Firn.Store.Derivations;
using Firn.Store.Local;

namespace Firn.Tests.Building;

/// <summary>A store of its own in a temporary folder, and a builder for it.</summary>
public sealed class BuildWorld : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BuildWorld(bool isSandboxed = false)
    {
        // Unsandboxed, a store must be where its paths say; sandboxed, it may be anywhere.
        var layout = isSandboxed
            ? StoreLayout.Below(_folder.Path)
            : new StoreLayout(new StoreDirectory($"{_folder.Path}/store"), $"{_folder.Path}/store", $"{_folder.Path}/var", $"{_folder.Path}/log");
        Store = LocalStore.Open(layout, new LocalStoreSettings(), Options, NoMessageLog.Instance, TimeProvider.System);
        IsSandboxed = isSandboxed;
        Sandbox = new SandboxSettings
        {
            Sandbox = isSandboxed ? SandboxMode.Enabled : SandboxMode.Disabled,
            SandboxPaths = ["/bin/sh=/usr/bin/busybox", "/bin/busybox=/usr/bin/busybox"],
            BuildUsersGroup = "",
            SandboxFallback = false,
        };
    }

    public static LocalStoreOptions Options { get; } = new() { HasRealisations = true };

    public bool IsSandboxed { get; }

    public string Folder => _folder.Path;

    public LocalStore Store { get; }

    public StoreDirectory Directory => Store.Directory;

    public SandboxSettings Sandbox { get; set; }

    public BuildSettings Settings { get; set; } = new() { MaxJobs = 2, System = "x86_64-linux", SystemFeatures = [] };

    public BuilderOptions BuilderOptions { get; set; } = new()
    {
        Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
        HasNixCommand = true,
    };

    public RecordingLog Log { get; } = new();

    public Builder Builder => new(
        Store, new DerivationSources(Store, null), [], Settings, BuilderOptions, new BuildChambers(Sandbox, BuilderOptions.Environment), Log, TimeProvider.System);

    /// <summary>Writes a derivation that runs a shell script.</summary>
    public StorePath Add(Recipe recipe) => Store.AddDerivation(recipe.ToDerivation(this), Directory);

    public BuildResult Build(StorePath derivation, BuildMode mode = BuildMode.Normal, CancellationToken cancellation = default) =>
        Assert.Single(Builder.Build([DerivedPath.Of(derivation, OutputsSpec.All.Instance)], mode, cancellation).Items).Result;

    public BuildResult Build(Recipe recipe, BuildMode mode = BuildMode.Normal) => Build(Add(recipe), mode);

    public string Read(StorePath path, string file = "") => File.ReadAllText(Store.Layout.RealPath(path) + file);

    public void Dispose()
    {
        Store.Dispose();
        _folder.Dispose();
    }
}

/// <summary>Remembers what it was told.</summary>
public sealed class RecordingLog : IActivityLog
{
    private ulong _last;

    public ConcurrentQueue<(Verbosity Level, string Text)> Messages { get; } = new();

    public ConcurrentQueue<(ActivityEvent What, string Text)> Events { get; } = new();

    public IEnumerable<string> Lines => Events.Where(e => e.What == ActivityEvent.BuildLogLine).Select(e => e.Text);

    public bool Shows(Verbosity level) => true;

    public void Write(Verbosity level, string message) => Messages.Enqueue((level, message));

    public ulong Start(Verbosity level, ActivityKind kind, string text, ulong parent, params ReadOnlySpan<ActivityField> fields)
    {
        Messages.Enqueue((level, text));
        return Interlocked.Increment(ref _last);
    }

    public void Report(ulong activity, ActivityEvent what, params ReadOnlySpan<ActivityField> fields) =>
        Events.Enqueue((what, fields.Length > 0 ? fields[0].Text ?? "" : ""));

    public void Stop(ulong activity) { }
}
