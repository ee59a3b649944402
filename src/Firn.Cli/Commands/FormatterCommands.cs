using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Cli.Running;
using Firn.Sessions;
using Firn.Sessions.Stores;

namespace Firn.Cli.Commands;

/// <summary><c>nix formatter run</c> and <c>nix fmt</c>: run the program that a flake wants its sources written by.</summary>
internal sealed class FormatterRunCommand : Command
{
    private readonly InstallableOptions _installables = new() { Attributes = FormatterBuildCommand.Formatter };
    private readonly List<string> _arguments = [];

    public override string Summary => "reformat your code in the standard style";

    public override string Examples => """
        # Format the flake in this folder:
        $ nix fmt
        # Only some files of it:
        $ nix fmt ./flake.nix
        """;

    public override void SetDefaults(CommonOptions options) => _installables.Expressions.SetDefaults(options);

    public override void Declare(Grammar grammar)
    {
        _installables.Declare(grammar, takesArguments: false);
        grammar.Rest("args", _arguments.Add);
    }

    public override int Run(Session session, Output output)
    {
        var installable = (FlakeInstallable)_installables.ParseOne(session, ".");
        var program = new AppFinder(session).Find(installable);
        var variables = ProgramRun.Environment();
        variables["PRJ_ROOT"] = session.Flakes.Sources.FindFolder(installable.Source.Reference) ?? Environment.CurrentDirectory;
        return ProgramRun.Replace(session, output, program, _arguments, variables);
    }
}

/// <summary><c>nix formatter build</c>: builds that program.</summary>
internal sealed class FormatterBuildCommand : Command
{
    /// <summary>Where it stands in a flake.</summary>
    public static FlakeAttributes Formatter { get; } = new(["formatter.SYSTEM"], []);

    private readonly InstallableOptions _installables = new() { Attributes = Formatter };
    private string? _link = "result";

    public override string Summary => "build the current flake's formatter";

    public override void SetDefaults(CommonOptions options) => _installables.Expressions.SetDefaults(options);

    public override void Declare(Grammar grammar)
    {
        _installables.Declare(grammar, takesArguments: false);
        grammar
            .Value("out-link", "path", "Use path as prefix for the symlink to the build result. It defaults to result.", v => _link = v, 'o')
            .Flag("no-link", "Do not create symlinks to the build results.", () => _link = null);
    }

    public override int Run(Session session, Output output)
    {
        var program = new AppFinder(session).Find(_installables.ParseOne(session, "."));
        if (_link is not null)
        {
            session.Store.Roots.AddPermanentRoot(StorePathLookup.Follow(session.StoreDirectory, program), Path.GetFullPath(_link));
        }

        output.Line(program);
        return 0;
    }
}
