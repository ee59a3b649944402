using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Firn.Platform.Linux;

/// <summary>Opens files with the rights of nobody in particular, though this process may act as root.</summary>
/// <remarks>The kernel keeps for each thread as whom it looks at files, so that this takes a thread of its own and nothing
/// that others do meanwhile is touched. The path is looked up once, with these rights: nothing can be exchanged in between.</remarks>
public static partial class StrangerAccess
{
    private const uint Nobody = 65534;

    /// <summary>Runs <paramref name="open"/>; what it throws comes out here.</summary>
    /// <exception cref="SystemCallException">The kernel does not let this process give up rights.</exception>
    public static T Run<T>(Func<T> open)
    {
        if (!CurrentUser.IsRoot)
        {
            return open();
        }

        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                GiveUpRights();
                result = open();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    private static void GiveUpRights()
    {
        // The C library's own setgroups changes all threads.
        if (SystemCall(SetGroupsNumber, 0, 0) != 0)
        {
            throw SystemCallException.Last("giving up groups");
        }

        // These two tell no failure, but who one was before; asked for what cannot be, they tell who one is.
        _ = SetFileGroup(Nobody);
        _ = SetFileUser(Nobody);
        if (SetFileGroup(uint.MaxValue) != Nobody || SetFileUser(uint.MaxValue) != Nobody)
        {
            throw new SystemCallException("giving up the rights of root", Errno.NotPermitted);
        }
    }

    private static nint SetGroupsNumber => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 116 : 159;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second);

    [LibraryImport("libc", EntryPoint = "setfsgid")]
    private static partial uint SetFileGroup(uint group);

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial uint SetFileUser(uint user);
}
