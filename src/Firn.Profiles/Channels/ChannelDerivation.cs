using Firn.Model.Derivations;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Profiles.Channels;

/// <summary>The derivation that unpacks a channel's archive of expressions.</summary>
/// <remarks>It is the one that C++ Nix's nix-channel evaluates, so both make the same channels.</remarks>
public static class ChannelDerivation
{
    /// <summary>Makes it.</summary>
    /// <param name="name">The name of the object, which may have a version.</param>
    /// <param name="channel">The name of the channel, and of the folder in the object.</param>
    /// <param name="archive">The archive, an object in the store.</param>
    /// <param name="directory">How the store's paths are spelled.</param>
    public static Derivation Make(string name, string channel, StorePath archive, StoreDirectory directory)
    {
        var blank = Make(name, channel, archive, directory, "", new DerivationOutput.Deferred());
        var hash = (HashModulo.Whole)HashModulo.Of(blank, directory, masked: true, _ => throw new InvalidOperationException("it needs no derivations"));
        var output = directory.MakeOutput(OutputName.Default, hash.Hash, name);
        return Make(name, channel, archive, directory, directory.Absolute(output), new DerivationOutput.InputAddressed(output));
    }

    private static Derivation Make(string name, string channel, StorePath archive, StoreDirectory directory, string outPath, DerivationOutput output) => new()
    {
        Name = name,
        Outputs = [new(OutputName.Default, output)],
        InputSources = [archive],
        Platform = ByteString.Of("builtin"),
        Builder = ByteString.Of("builtin:unpack-channel"),
        Environment =
        [
            Variable("builder", "builtin:unpack-channel"),
            Variable("channelName", channel),
            Variable("name", name),
            Variable("out", outPath),
            Variable("preferLocalBuild", "1"),
            Variable("src", directory.Absolute(archive)),
            Variable("system", "builtin"),
        ],
    };

    private static EnvironmentVariable Variable(string name, string value) => new(ByteString.Of(name), ByteString.Of(value));
}
