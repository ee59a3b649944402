using Firn.Building.Environments;
using Firn.Building.Planning;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Building.Developing;

/// <summary>Makes the derivation that writes down the environment in which another one builds.</summary>
public static class EnvironmentDerivation
{
    // What it writes is no package, so that what a package must keep to does not count.
    private static readonly ByteString[] _checks =
        [.. ((string[])["allowedReferences", "allowedRequisites", "disallowedReferences", "disallowedRequisites"]).Select(ByteString.Of)];

    private static readonly ByteString _structured = ByteString.Of("__json");
    private static readonly ByteString _outputs = ByteString.Of("outputs");
    private static readonly ByteString _name = ByteString.Of("name");

    /// <summary>Makes it.</summary>
    /// <param name="derivation">What is worked on.</param>
    /// <param name="script">What bash runs: <see cref="EnvironmentScript"/>, in the store.</param>
    /// <param name="directory">The store it is for.</param>
    /// <param name="ofInput">Gives the hash of a derivation that it needs.</param>
    /// <exception cref="UsageException">It has another builder than bash.</exception>
    public static Derivation Of(Derivation derivation, StorePath script, StoreDirectory directory, Func<StorePath, HashModulo> ofInput)
    {
        if (Path.GetFileName(derivation.Builder.ToString()) != "bash")
        {
            throw new UsageException(
                "'nix develop' only works on derivations that use 'bash' as their builder", $"The builder of '{derivation.Name}' is '{derivation.Builder}'.");
        }

        var name = derivation.Name + "-env";
        var environment = derivation.Environment.ToDictionary(v => v.Name, v => v.Value);
        if (derivation.StructuredAttributes is { } attributes)
        {
            environment[_structured] = WithoutChecks(attributes);
        }
        else
        {
            Array.ForEach(_checks, check => environment.Remove(check));
            // One that only has the output that every derivation has need not list it.
            environment.TryAdd(_outputs, ByteString.Of(string.Join(' ', derivation.Outputs.Select(o => o.Name))));
        }

        environment[_name] = ByteString.Of(name);
        var open = derivation.Outputs.Where(o => o.Output is DerivationOutput.InputAddressed or DerivationOutput.FixedContent).ToList();
        foreach (var output in open)
        {
            environment[ByteString.Of(output.Name)] = ByteString.Of("");
        }

        return DeferredOutputs.Name(
            derivation with
            {
                Name = name,
                Arguments = [ByteString.Of(directory.Absolute(script))],
                InputSources = [.. new SortedSet<StorePath>(derivation.InputSources.Append(script))],
                Outputs = [.. derivation.Outputs.Select(o => open.Contains(o) ? o with { Output = new DerivationOutput.Deferred() } : o)],
                Environment = [.. environment.Select(v => new EnvironmentVariable(v.Key, v.Value)).OrderBy(v => v.Name)],
            },
            directory, ofInput);
    }

    private static ByteString WithoutChecks(ByteString attributes) => JsonValue.Parse(attributes.Span) is JsonValue.Members members
        ? ByteString.Of(JsonValue.Of(members.Items.Where(m => m.Key != "outputChecks").Select(m => (m.Key, m.Value))).Write())
        : attributes;
}
