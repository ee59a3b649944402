using Firn.Building.Planning;
using Firn.Cli.Evaluating;
using Firn.Cli.Parsing;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
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
        Check(session, derivation);
        var path = _isDry || session.IsReadOnly
            ? DerivationPaths.Of(derivation, session.StoreDirectory)
            : session.Store.DerivationSink.AddDerivation(derivation, session.StoreDirectory);
        output.Line(session.StoreDirectory.Absolute(path));
        return 0;
    }

    // Else one could claim the output path of another derivation.
    private static void Check(Session session, Derivation derivation)
    {
        var known = derivation.Outputs.Where(o => o.Output is DerivationOutput.InputAddressed).ToList();
        if (known.Count == 0)
        {
            return;
        }

        HashModulo OfInput(StorePath path) =>
            HashModulo.Of(session.Store.Derivations.Read(path), session.StoreDirectory, masked: false, OfInput);
        var hashes = HashModulo.Of(derivation, session.StoreDirectory, masked: true, OfInput);
        foreach (var (name, way) in known)
        {
            var (found, wanted) = (((DerivationOutput.InputAddressed)way).Path, session.StoreDirectory.MakeOutput(name, hashes.Find(name)!, derivation.Name));
            if (!found.Equals(wanted))
            {
                throw new InvalidFormatException(
                    "derivation", $"it has incorrect output '{session.StoreDirectory.Absolute(found)}', should be '{session.StoreDirectory.Absolute(wanted)}'");
            }
        }
    }

    private static void Require(bool isAllowed, string feature)
    {
        if (!isAllowed)
        {
            throw new UsageException($"experimental Nix feature '{feature}' is disabled; add '--extra-experimental-features {feature}' to enable it");
        }
    }
}
