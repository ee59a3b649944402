using Firn.Building.Planning;
using Firn.Cli.Evaluating;
using Firn.Cli.Parsing;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Text;
using Firn.Sessions;
using Firn.Sessions.Configuration;
using Firn.Store.Derivations;

namespace Firn.Cli.Commands.Derivations;

/// <summary><c>nix derivation add</c>: writes a derivation that is given as JSON.</summary>
internal sealed class DerivationAddCommand : Command
{
    private bool _isDry;

    public override string Summary => "Add a store derivation";

    public override string Examples => """
        # The same derivation under another name:
        $ nix derivation show ./result | jq '.derivations[] | .name = "other"' | nix derivation add
        """;

    public override void Declare(Grammar grammar) =>
        grammar.Flag("dry-run", "Show what this command would do without doing it.", () => _isDry = true);

    public override int Run(Session session, Output output)
    {
        var derivation = DerivationJsonReader.Read(SourceArguments.ReadInput());
        var features = session.Get<SessionSettings>().ExperimentalFeatures;
        Require(features.Contains("ca-derivations") || !derivation.Outputs.Any(o => o.Output is DerivationOutput.FloatingContent), "ca-derivations");
        Require(features.Contains("impure-derivations") || !derivation.Outputs.Any(o => o.Output is DerivationOutput.Impure), "impure-derivations");
        derivation = Complete(session, derivation);
        var path = _isDry || session.IsReadOnly
            ? DerivationPaths.Of(derivation, session.StoreDirectory)
            : session.Store.DerivationSink.AddDerivation(derivation, session.StoreDirectory);
        output.Line(session.StoreDirectory.Absolute(path));
        return 0;
    }

    /// <summary>Gives outputs that are left open their paths; those that are given must be right, else one could claim another derivation's.</summary>
    private static Derivation Complete(Session session, Derivation derivation)
    {
        var (directory, hashes) = (session.StoreDirectory, new DerivationHashes(session.Store.Derivations.Read, session.StoreDirectory));
        var isOpen = derivation.Outputs.Select(o => o.Output is DerivationOutput.InputAddressed ? o with { Output = new DerivationOutput.Deferred() } : o);
        var complete = DeferredOutputs.Name(derivation with { Outputs = [.. isOpen] }, directory, hashes.Of);
        foreach (var (name, way) in derivation.Outputs)
        {
            var wanted = (complete.FindOutput(name) as DerivationOutput.InputAddressed)?.Path;
            if (way is DerivationOutput.InputAddressed(var found) && !found.Equals(wanted))
            {
                throw Bad($"it has incorrect output '{directory.Absolute(found)}', should be {(wanted is null ? "deferred" : $"'{directory.Absolute(wanted)}'")}");
            }

            var variable = derivation.FindEnvironment(ByteString.Of(name).Span)?.ToString() ?? "";
            if (wanted is not null && (way is DerivationOutput.Deferred ? variable.Length > 0 : true) && variable != directory.Absolute(wanted))
            {
                throw Bad($"it has incorrect environment variable '{name}', should be '{directory.Absolute(wanted)}' but is actually '{variable}'");
            }
        }

        return complete;
    }

    private static InvalidFormatException Bad(string problem) => new("derivation", problem);

    private static void Require(bool isAllowed, string feature)
    {
        if (!isAllowed)
        {
            throw new CommandException($"experimental Nix feature '{feature}' is disabled; add '--extra-experimental-features {feature}' to enable it");
        }
    }
}
