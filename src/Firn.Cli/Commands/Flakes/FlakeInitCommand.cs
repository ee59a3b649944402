using Firn.Cli.Evaluating;
using Firn.Cli.Installables;
using Firn.Cli.Parsing;
using Firn.Cli.Repl;
using Firn.Flakes;
using Firn.Flakes.Locking;
using Firn.Model.Diagnostics;
using Firn.Sessions;

namespace Firn.Cli.Commands.Flakes;

/// <summary><c>nix flake init</c> and <c>nix flake new</c>: begin a flake from a template.</summary>
/// <param name="isNew">Whether the folder is named on the line.</param>
internal sealed class FlakeInitCommand(bool isNew) : Command
{
    private static readonly FlakeAttributes _templates = new(["templates.default", "defaultTemplate"], ["templates."]);

    private readonly EvaluationArguments _evaluation = new();
    private string _template = "templates";
    private string _folder = ".";

    public override string Summary => $"create a flake in the {(isNew ? "specified" : "current")} directory from a template";

    public override string Examples => isNew
        ? """
        # Begin a flake in a new folder:
        $ nix flake new hello --template templates#trivial
        """
        : """
        # Begin a flake here:
        $ nix flake init
        """;

    public override void SetDefaults(CommonOptions options) => options.Set("pure-eval", "true");

    public override void Declare(Grammar grammar)
    {
        _evaluation.Declare(grammar);
        grammar.Value("template", "template", "The template to use.", v => _template = v, 't');
        if (isNew)
        {
            grammar.Position("dest-dir", v => _folder = v);
        }
    }

    public override int Run(Session session, Output output)
    {
        var (reference, fragment) = session.Flakes.ParseWithFragment(_template);
        var source = new FlakeSource(session, reference, new LockOptions { Writes = false }, _evaluation, isReadOnly: false);
        var installable = new FlakeInstallable(source, _template, _templates.PathsOf(fragment, session.Get<Firn.Building.BuildSettings>().System), null);
        var (path, welcome) = installable.EvaluateAt((eval, value, where) =>
        {
            var set = value.AsSet ?? throw new FlakeException(FlakeErrors.BadOutput, $"template '{where}' is {value.Description} while a set was expected");
            var folder = set.Find(eval.Symbols.Intern("path")) ?? throw new FlakeException(FlakeErrors.BadOutput, $"template '{where}' lacks attribute 'path'");
            var text = set.Find(eval.Symbols.Intern("welcomeText")) is { } found ? eval.Force(found).AsString?.ToString() : null;
            return (eval.Host.Store.RealPath(eval.PathOf(folder)), text);
        });
        var copy = new TemplateCopy(session.Log);
        copy.Copy(path, Path.GetFullPath(_folder));
        if (copy.Written.Count > 0 && Path.Exists(Path.Combine(Path.GetFullPath(_folder), ".git")))
        {
            session.Fetcher.TrackFiles(Path.GetFullPath(_folder), copy.Written);
        }

        if (welcome is not null)
        {
            session.Log.Write(Verbosity.Notice, "\n");
            session.Log.Write(Verbosity.Notice, MarkdownText.Render(welcome, new Rendering.Ansi(IsColoured: false)));
        }

        return copy.Conflicts == 0 ? 0 : throw new FlakeException(FlakeErrors.BadOutput, $"encountered {copy.Conflicts} conflicts - see above");
    }
}

/// <summary>Copies a template, and nothing over what is there.</summary>
internal sealed class TemplateCopy(IMessageLog log)
{
    /// <summary>The files that were written.</summary>
    public List<string> Written { get; } = [];

    /// <summary>How many files were there already and have other content.</summary>
    public int Conflicts { get; private set; }

    public void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var entry in Directory.EnumerateFileSystemEntries(from).Order(Model.Text.Utf8Order.Comparer))
        {
            var target = Path.Combine(to, Path.GetFileName(entry));
            if (new FileInfo(entry).LinkTarget is { } link)
            {
                Place(entry, target, () => new FileInfo(target).LinkTarget == link, () => File.CreateSymbolicLink(target, link));
            }
            else if (Directory.Exists(entry))
            {
                Copy(entry, target);
            }
            else
            {
                Place(entry, target, () => File.Exists(target) && File.ReadAllBytes(entry).AsSpan().SequenceEqual(File.ReadAllBytes(target)), () => File.WriteAllBytes(target, File.ReadAllBytes(entry)));
            }
        }
    }

    private void Place(string from, string to, Func<bool> isSame, Action write)
    {
        if (!Path.Exists(to) && new FileInfo(to).LinkTarget is null)
        {
            write();
            Written.Add(to);
            log.Write(Verbosity.Notice, $"wrote: \"{to}\"");
        }
        else if (isSame())
        {
            log.Write(Verbosity.Notice, $"skipping identical file: {from}");
        }
        else
        {
            log.Write(Verbosity.Error, $"refusing to overwrite existing file \"{to}\"\n please merge it manually with '{from}'");
            Conflicts++;
        }
    }
}
