using Firn.Evaluation.Prompting;
using Firn.Evaluation.Values;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Sessions;
using Firn.Store;

namespace Firn.Cli.Repl;

/// <summary>What the prompt does with derivations: it builds them, shows their logs, installs them and opens shells for them.</summary>
/// <param name="session">The store and the builder.</param>
/// <param name="scope">Who evaluates.</param>
/// <param name="flush">Writes derivations that evaluation made.</param>
/// <param name="output">Where results are shown.</param>
internal sealed class ReplBuilds(Session session, PromptScope scope, Action flush, ReplOutput output)
{
    /// <summary>Builds a derivation and shows its outputs.</summary>
    public void Build(Value value, bool makesLinks)
    {
        var derivation = DerivationOf(value);
        output.Flush();
        session.Builder.BuildInstallables([DerivedPath.Of(derivation, OutputsSpec.All.Instance)], BuildMode.Normal, session.Cancellation);
        output.Line("\nThis derivation produced the following outputs:");
        foreach (var (name, path) in session.Store.Outputs.FindOutputs(derivation).OrderBy(o => o.Key, Utf8Order.Comparer))
        {
            if (path is null)
            {
                continue;
            }

            var link = $"repl-result-{name}";
            if (makesLinks)
            {
                session.Store.Roots.AddPermanentRoot(path, Path.GetFullPath(link));
                output.Line($"  ./{link} -> {session.StoreDirectory.Absolute(path)}");
            }
            else
            {
                output.Line($"  {name} -> {session.StoreDirectory.Absolute(path)}");
            }
        }
    }

    /// <summary>Shows what a build printed.</summary>
    public void ShowLog(Value value)
    {
        var derivation = DerivationOf(value);
        var shown = session.StoreDirectory.Absolute(derivation);
        using var log = session.Store.Logs.FindLog(derivation)
            ?? throw new StoreException(StoreErrors.NotValid, $"build log of '{shown}' is not available");
        output.Flush();
        session.Log.Write(Verbosity.Info, $"got build log for '{shown}' from 'local'");
        using var content = new MemoryStream();
        log.CopyTo(content);
        output.Bytes(content.ToArray());
        output.Line("");
    }

    /// <summary>Installs a derivation into the user's environment.</summary>
    public void Install(Value value) => Run("nix-env", "-i", session.StoreDirectory.Absolute(DerivationOf(value)));

    /// <summary>Opens a shell in which a derivation could be built.</summary>
    public void OpenBuildShell(Value value) => Run("nix-shell", session.StoreDirectory.Absolute(DerivationOf(value)));

    /// <summary>Opens a shell in which a derivation's outputs can be used.</summary>
    public void OpenShell(Value value) => OpenBuildShell(
        scope.Apply("drv: (import <nixpkgs> {}).runCommand \"shell\" { buildInputs = [ drv ]; } \"\"", value));

    private StorePath DerivationOf(Value value)
    {
        var derivation = scope.Attempt(() => PromptValues.FindDerivation(scope.Evaluator, value))
            ?? throw new UsageException("expression does not evaluate to a derivation, so I can't build it");
        flush();
        return session.Store.Infos.IsValid(derivation)
            ? derivation
            : throw new StoreException(
                StoreErrors.NotValid, $"expression evaluated to invalid derivation '{session.StoreDirectory.Absolute(derivation)}'");
    }

    private void Run(string program, params string[] arguments)
    {
        output.Flush();
        ReplPrograms.RunOwn(session, program, arguments);
    }
}
