using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;
using Firn.Sessions;

namespace Firn.Cli.Commands;

/// <summary>An old program called without saying what to do: can only help.</summary>
internal sealed class NoOperationCommand(IReadOnlyList<LegacyOperation> operations) : Command
{
    public override string Summary => "does one of several operations";

    public override string Details => "Operations:\n\n" + string.Join('\n', operations.Select(o =>
        $"  {string.Join(" / ", o.Names),-40} {o.Make().Summary}"));

    public override void Declare(Grammar grammar)
    {
        grammar.IgnoresUnknown = true;
        grammar.Rest("arguments", _ => { });
    }

    public override int Run(Session session, Output output) => throw new UsageException("no operation specified");
}
