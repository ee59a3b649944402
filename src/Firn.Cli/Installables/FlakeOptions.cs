using Firn.Cli.Parsing;
using Firn.Fetching.Inputs;
using Firn.Flakes.Files;
using Firn.Flakes.Locking;
using Firn.Model.Diagnostics;
using Firn.Sessions;

namespace Firn.Cli.Installables;

/// <summary>The options of every command that takes flakes: how they are locked, what their names stand for.</summary>
internal sealed class FlakeOptions
{
    private const string Category = "Common flake-related options";

    private readonly List<(InputPath Path, string Reference)> _overrides = [];
    private readonly List<(string From, string To)> _names = [];
    private readonly List<string> _inputsFrom = [];
    private readonly List<string> _warnings = [];
    private readonly List<InputPath> _updates = [];
    private LockOptions _options = new();
    private LockOptions? _built;

    public void Declare(Grammar grammar) => grammar
        .Flag("recreate-lock-file", "Recreate the flake's lock file from scratch. Deprecated: use nix flake update.", Recreate, category: Category)
        .Flag("no-update-lock-file", "Do not allow any updates to the flake's lock file.", () => _options = _options with { MayChange = false }, category: Category)
        .Flag("no-write-lock-file", "Do not write the flake's newly generated lock file.", () => _options = _options with { Writes = false }, category: Category)
        .Flag("no-registries", "Don't allow lookups in the flake registries. Deprecated: use --no-use-registries.", ForgetRegistries, category: Category)
        .Flag("commit-lock-file", "Commit changes to the flake's lock file.", () => _options = _options with { Commits = true }, category: Category)
        .Value("update-input", "input-path", "Update a specific flake input. Deprecated: use nix flake update.", Update, category: Category)
        .Pair("override-input", "input-path", "flake-url", "Override a specific flake input (e.g. dwarffs/nixpkgs). This implies --no-write-lock-file.", Override, category: Category)
        .Value("reference-lock-file", "flake-lock-path", "Read the given lock file instead of flake.lock within the top-level flake.", v => _options = _options with { ReferenceFile = Path.GetFullPath(v) }, category: Category)
        .Value("output-lock-file", "flake-lock-path", "Write the given lock file instead of flake.lock within the top-level flake.", v => _options = _options with { OutputFile = Path.GetFullPath(v) }, category: Category)
        .Value("inputs-from", "flake-url", "Use the inputs of the specified flake as registry entries.", _inputsFrom.Add, category: Category)
        .Pair("override-flake", "original-ref", "resolved-ref", "Override the flake registries, redirecting original-ref to resolved-ref.", (from, to) => _names.Add((from, to)), category: Category);

    /// <summary>Lets the options say more.</summary>
    public void Set(Func<LockOptions, LockOptions> change) => _options = change(_options);

    /// <summary>Returns how flakes are locked; the session learns what names stand for.</summary>
    public LockOptions Build(Session session) => _built ??= Make(session);

    private LockOptions Make(Session session)
    {
        foreach (var warning in _warnings)
        {
            session.WarnOnce(warning);
        }

        var flakes = session.Flakes;
        foreach (var (from, to) in _names)
        {
            flakes.Registries.Add(flakes.Parse(from, allowsMissing: true).Input, flakes.Parse(to, allowsMissing: true));
        }

        foreach (var reference in _inputsFrom)
        {
            var locked = flakes.Lock(flakes.Parse(reference), new LockOptions { Writes = false });
            foreach (var name in locked.Lock.Root.Inputs.Keys)
            {
                if (locked.Lock.Find(InputPath.Top.Append(name))?.Locked is { } input)
                {
                    flakes.Registries.Add(InputAttributes.Empty.With("type", "indirect").With("id", name), input.Reference);
                }
            }
        }

        return _options with
        {
            Overrides = _options.Overrides.SetItems(_overrides.Select(o => KeyValuePair.Create(o.Path, flakes.Parse(o.Reference, allowsMissing: true)))),
            Updates = _options.Updates.Union(_updates),
        };
    }

    private void Recreate()
    {
        _options = _options with { StartsAnew = true };
        _warnings.Add("'--recreate-lock-file' is deprecated and will be removed in a future version; use 'nix flake update' instead.");
    }

    private void ForgetRegistries()
    {
        _options = _options with { UsesRegistries = false };
        _warnings.Add("'--no-registries' is deprecated; use '--no-use-registries'");
    }

    private void Update(string text)
    {
        _warnings.Add("'--update-input' is a deprecated alias for 'flake update' and will be removed in a future version.");
        _updates.Add(ParsePath(text, "--update-input was passed a zero-length input path, which would refer to the flake itself, not an input"));
    }

    private void Override(string text, string reference)
    {
        _options = _options with { Writes = false };
        var path = ParsePath(text, "--override-input was passed a zero-length input path, which would refer to the flake itself, not an input");
        _overrides.RemoveAll(o => o.Path.Equals(path));
        _overrides.Add((path, reference));
    }

    /// <summary>Reads the path of an input.</summary>
    /// <exception cref="UsageException">It is none, or names the flake itself.</exception>
    public static InputPath ParsePath(string text, string complaint) =>
        InputPath.Parse(text) is { Steps.Length: > 0 } path ? path : throw new UsageException(complaint);
}
