using Firn.Model.Text;
using Firn.Platform.Processes;

namespace Firn.Sandbox;

/// <summary>What kernel a builder seems to run on.</summary>
internal static class BuilderPersonality
{
    public static Personality Of(ByteString platform, SandboxSettings settings)
    {
        var system = platform.ToString();
        var personality = Personality.NoRandomAddresses;
        if (system is "i686-linux" or "armv7l-linux" or "armv6l-linux" or "armv5tel-linux")
        {
            personality |= Personality.Linux32;
        }

        if (settings.ImpersonateLinux26 && (system is "i686-linux" or "x86_64-linux"))
        {
            personality |= Personality.Linux26;
        }

        return personality;
    }
}
