using System.Globalization;
using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Profiles.UserEnvironments;

/// <summary>The derivation that makes a user environment: a tree of links to all its packages.</summary>
/// <remarks>It is the one that C++ Nix evaluates for <c>nix-env</c>, so both make the same environment.</remarks>
public static class UserEnvironmentDerivation
{
    private const string Name = "user-environment";
    private const long DefaultPriority = 5;

    /// <summary>Makes the derivation of an environment whose <c>manifest.nix</c> is <paramref name="manifest"/>.</summary>
    public static Derivation Make(IEnumerable<UserEnvironmentElement> elements, StorePath manifest, StoreDirectory directory)
    {
        var blank = Make(elements.SelectMany(e => Describe(e, directory)), manifest, directory, "", new DerivationOutput.Deferred());
        var hash = (HashModulo.Whole)HashModulo.Of(blank, directory, masked: true, _ => throw new InvalidOperationException("it needs no derivations"));
        var output = directory.MakeOutput(OutputName.Default, hash.Hash, Name);
        return Make(elements.SelectMany(e => Describe(e, directory)), manifest, directory, directory.Absolute(output), new DerivationOutput.InputAddressed(output));
    }

    private static Derivation Make(IEnumerable<string> description, StorePath manifest, StoreDirectory directory, string outPath, DerivationOutput output) => new()
    {
        Name = Name,
        Outputs = [new(OutputName.Default, output)],
        InputSources = [manifest],
        Platform = ByteString.Of("builtin"),
        Builder = ByteString.Of("builtin:buildenv"),
        Environment =
        [
            Variable("allowSubstitutes", ""),
            Variable("builder", "builtin:buildenv"),
            Variable("derivations", string.Join(' ', description)),
            Variable("manifest", directory.Absolute(manifest)),
            Variable("name", Name),
            Variable("out", outPath),
            Variable("preferLocalBuild", "1"),
            Variable("system", "builtin"),
        ],
    };

    private static EnvironmentVariable Variable(string name, string value) => new(ByteString.Of(name), ByteString.Of(value));

    /// <summary>Says whether a package is active, its priority, how many outputs it has, and which.</summary>
    private static IEnumerable<string> Describe(UserEnvironmentElement element, StoreDirectory directory)
    {
        yield return element.FindMeta("active") switch
        {
            MetaValue.Text text => text.Value.ToString(),
            MetaValue.Flag flag => flag.Value ? "1" : "false",
            _ => "true",
        };
        yield return element.FindMeta("priority") is MetaValue.Text priority
            ? priority.Value.ToString()
            : (element.FindMeta("priority")?.AsInteger() ?? DefaultPriority).ToString(CultureInfo.InvariantCulture);
        yield return element.Outputs.Length.ToString(CultureInfo.InvariantCulture);
        foreach (var output in element.Outputs)
        {
            yield return directory.Absolute(output.Path);
        }
    }
}
