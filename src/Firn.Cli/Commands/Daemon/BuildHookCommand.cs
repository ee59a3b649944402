using System.Collections.Immutable;
using System.Globalization;
using Firn.Building.Remote;
using Firn.Cli.Parsing;
using Firn.Cli.Rendering;
using Firn.Daemon.Wire;
using Firn.Model.Diagnostics;
using Firn.Sessions;
using Firn.Sessions.Configuration;

namespace Firn.Cli.Commands.Daemon;

/// <summary><c>nix __build-remote</c>: the program of C++ Nix's setting <c>build-hook</c>, which takes builds to other machines.</summary>
/// <remarks>
/// On standard input it gets the settings of the one who calls, then a question for each derivation that could be built
/// elsewhere; on standard error it answers with lines that begin with <c># </c>, among messages in JSON. Once it has
/// accepted a derivation it gets the inputs and the wanted outputs, builds, and ends.
/// </remarks>
internal sealed class BuildHookCommand : Command
{
    /// <summary>The word by which it is called.</summary>
    public const string Name = "__build-remote";

    // What of the caller's settings concerns builds elsewhere; some of the others Firn does not have.
    private static readonly HashSet<string> _taken =
    [
        "builders", "builders-use-substitutes", "connect-timeout", "experimental-features", "extra-platforms", "keep-failed", "max-build-log-size",
        "max-jobs", "max-silent-time", "netrc-file", "ssl-cert-file", "store", "substituters", "system", "system-features", "timeout",
    ];

    private Verbosity _verbosity = Verbosity.Info;

    public override string Summary => "take builds to other machines, as C++ Nix's setting 'build-hook' wants it";

    public override void Declare(Grammar grammar) => grammar.Rest("verbosity", v => _verbosity =
        int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var level) ? (Verbosity)Math.Min(level, (int)Verbosity.Vomit)
            : throw new UsageException($"'{v}' is not a verbosity"));

    public override void SetDefaults(CommonOptions options) => options.Format = LogFormat.InternalJson;

    public override int Run(Session session, Output output)
    {
        // Nobody is there to answer a window that asks for a password.
        foreach (var name in (ReadOnlySpan<string>)["DISPLAY", "SSH_ASKPASS"])
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        using var input = Console.OpenStandardInput();
        using var answers = Console.OpenStandardError();
        var reader = new WireReader(input, session.StoreDirectory);
        var settings = new List<Assignment>();
        while (reader.ReadFlag())
        {
            var (name, value) = (reader.ReadName(), reader.ReadString());
            if (_taken.Contains(name))
            {
                settings.Add(new Assignment(name, value, IsOverride: true));
            }
        }

        using var own = session.With(session.CommandLine, settings, new JsonLog(Console.OpenStandardError(), "@nix ", _verbosity));
        if (own.BuildHook is not { } hook)
        {
            Say(answers, "decline-permanently");
            return 0;
        }

        while (!reader.IsAtEnd() && reader.ReadName() == "try")
        {
            var hasRoom = reader.ReadFlag();
            var question = new HookQuestion(
                reader.ReadName(), session.StoreDirectory.Parse(reader.ReadName()), reader.ReadList(reader.ReadName).ToImmutableHashSet(), hasRoom);
            switch (hook.Answer(question))
            {
                case HookAnswer.Accepted accepted:
                    using (accepted)
                    {
                        Say(answers, "accept", accepted.Machine.Uri);
                        var inputs = reader.ReadList(() => session.StoreDirectory.Parse(reader.ReadName()));
                        _ = reader.ReadList(reader.ReadName);
                        accepted.Build(inputs, own.Cancellation);
                        return 0;
                    }

                case HookAnswer.Postponed:
                    Say(answers, "postpone");
                    break;
                default:
                    Say(answers, "decline");
                    break;
            }
        }

        return 0;
    }

    private static void Say(Stream answers, string answer, string? more = null)
    {
        answers.Write(System.Text.Encoding.UTF8.GetBytes($"# {answer}\n{(more is null ? "" : more + "\n")}"));
        answers.Flush();
    }
}
