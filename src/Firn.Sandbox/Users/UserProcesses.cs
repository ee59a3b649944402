using Firn.Model.Text;
using Firn.Platform.Processes;

namespace Firn.Sandbox.Users;

/// <summary>Ends all processes of a user.</summary>
internal static class UserProcesses
{
    private const string Kill9 = "kill -9 -1";

    /// <summary>Kills every process of a build user; one of its own does it, as the kernel then spares all others.</summary>
    public static void Kill(Credentials user)
    {
        using var killer = ChildProcess.Start(new ChildOptions
        {
            Program = ByteString.Of("/bin/sh"),
            Arguments = [ByteString.Of("sh"), ByteString.Of("-c"), ByteString.Of(Kill9)],
            Credentials = user,
            LeadsSession = true,
        });
        _ = killer.Wait();
    }
}
