using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Cli.Realising;
using Firn.Cli.Running;
using Firn.Model.StorePaths;
using Firn.Sessions;

namespace Firn.Cli.Commands;

/// <summary><c>nix shell</c>: runs a shell, or a command, that finds the programs of packages.</summary>
internal sealed class ShellCommand : Command
{
    private readonly InstallableOptions _installables = new();
    private readonly EnvironmentOptions _environment = new();
    private readonly List<string> _command = [];

    public override string Summary => "run a shell in which the specified packages are available";

    public override string Examples => """
        # A shell with two packages:
        $ nix shell nixpkgs#jq nixpkgs#ripgrep
        # Only one command in it:
        $ nix shell nixpkgs#jq -c jq --version
        """;

    public override void SetDefaults(CommonOptions options) => _installables.Expressions.SetDefaults(options);

    public override void Declare(Grammar grammar)
    {
        _installables.Declare(grammar);
        _environment.Declare(grammar);
        grammar.Add(new Option("command", 'c', ["command", "args"], "Command and arguments to be executed, defaulting to $SHELL.", _command.AddRange) { TakesRest = true });
    }

    public override int Run(Session session, Output output)
    {
        var outputs = Builds.StorePaths(session, _installables.Parse(session), wantsDerivations: false);
        var variables = _environment.Build();
        var folders = Folders(session, outputs).ToList();
        variables["PATH"] = string.Join(':', folders.Concat(variables.TryGetValue("PATH", out var path) && path.Length > 0 ? (string[])[path] : []));
        IReadOnlyList<string> command = _command.Count > 0 ? _command : [session.Environment("SHELL") is { Length: > 0 } shell ? shell : "bash"];
        return ProgramRun.Replace(session, output, command[0], [.. command.Skip(1)], variables);
    }

    /// <summary>Lists the folders of programs of objects, and of those that these want to be installed too.</summary>
    private static IEnumerable<string> Folders(Session session, IReadOnlyList<StorePath> outputs)
    {
        var (directory, done, waiting) = (session.StoreDirectory, new HashSet<StorePath>(), new Queue<StorePath>(outputs));
        while (waiting.TryDequeue(out var path))
        {
            if (!done.Add(path))
            {
                continue;
            }

            yield return Resolve(session, path, "bin");
            var list = Real(session, Resolve(session, path, "nix-support/propagated-user-env-packages"));
            foreach (var other in File.Exists(list) ? File.ReadAllText(list).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) : [])
            {
                waiting.Enqueue(directory.Parse(other));
            }
        }
    }

    /// <summary>Follows links inside the store, of which one is shown elsewhere than it is.</summary>
    private static string Resolve(Session session, StorePath path, string inside)
    {
        var steps = new Stack<string>(inside.Split('/').Reverse());
        var current = session.StoreDirectory.Absolute(path);
        for (var links = 0; ;)
        {
            const int maxLinks = 64;
            if (new FileInfo(Real(session, current)).LinkTarget is { } target && links++ < maxLinks)
            {
                current = Path.GetFullPath(target, Path.GetDirectoryName(current)!);
                if (!session.StoreDirectory.Contains(current))
                {
                    throw new CommandException($"path '{current}' is not in the Nix store");
                }
            }
            else if (steps.TryPop(out var step))
            {
                current = $"{current}/{step}";
            }
            else
            {
                return current;
            }
        }
    }

    private static string Real(Session session, string path) =>
        session.StoreDirectory.TrySplit(path, out var stored, out var rest) ? session.Layout.RealPath(stored) + rest : path;
}
