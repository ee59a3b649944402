using Firn.Model.Text;

namespace Firn.Platform.Processes;

/// <summary>Calls posix_spawn, whose child shares nothing with our threads and so cannot dead-lock as after fork.</summary>
internal static unsafe class Spawning
{
    // More than any C library needs: glibc has 80 and 336 bytes.
    private const int ActionsSize = 512;
    private const int AttributesSize = 1024;
    private const int SignalsSize = 128;

    internal static int Spawn(ChildOptions options)
    {
        using var memory = new NativeTexts();
        var actions = memory.Zeroed(ActionsSize);
        var attributes = memory.Zeroed(AttributesSize);
        var signals = memory.Zeroed(SignalsSize);
        Check(LibcProcesses.ActionsInit(actions), options);
        Check(LibcProcesses.AttributesInit(attributes), options);
        try
        {
            Descriptors(options, actions, memory);
            if (options.Directory is { } directory)
            {
                Check(LibcProcesses.ActionsAddChangeDirectory(actions, memory.Text(ByteString.Of(directory))), options);
            }

            // The runtime ignores SIGPIPE, and a child would inherit that.
            var flags = LibcProcesses.SpawnSetSignalDefaults | LibcProcesses.SpawnSetSignalMask;
            _ = LibcProcesses.FillSignals(signals);
            Check(LibcProcesses.AttributesSetSignalDefaults(attributes, signals), options);
            _ = LibcProcesses.EmptySignals(signals);
            Check(LibcProcesses.AttributesSetSignalMask(attributes, signals), options);
            flags |= options.LeadsSession ? LibcProcesses.SpawnSetSession : 0;
            Check(LibcProcesses.AttributesSetFlags(attributes, (short)flags), options);
            var error = LibcProcesses.Spawn(
                out var process, memory.Text(options.Program), actions, attributes,
                memory.List(options.Arguments.AsSpan()), memory.List(options.Environment.AsSpan()));
            Check(error, options);
            return process;
        }
        finally
        {
            _ = LibcProcesses.ActionsDestroy(actions);
            _ = LibcProcesses.AttributesDestroy(attributes);
        }
    }

    private static void Descriptors(ChildOptions options, byte* actions, NativeTexts memory)
    {
        // Moved out of the way first, for a target number may be one of ours that is needed still.
        var free = 64;
        foreach (var (ours, theirs) in options.Descriptors)
        {
            free = Math.Max(free, Math.Max(ours, theirs) + 1);
        }

        for (var i = 0; i < options.Descriptors.Length; i++)
        {
            Check(LibcProcesses.ActionsAddDup2(actions, options.Descriptors[i].Ours, free + i), options);
        }

        var next = 3;
        for (var i = 0; i < options.Descriptors.Length; i++)
        {
            var theirs = options.Descriptors[i].Theirs;
            Check(LibcProcesses.ActionsAddDup2(actions, free + i, theirs), options);
            next = Math.Max(next, theirs + 1);
        }

        for (var standard = 0; standard < 3; standard++)
        {
            if (options.Descriptors.All(d => d.Theirs != standard))
            {
                var flags = standard == 0 ? 0 : 1;
                Check(LibcProcesses.ActionsAddOpen(actions, standard, memory.Text(ByteString.Of("/dev/null")), flags, 0), options);
            }
        }

        Check(LibcProcesses.ActionsAddCloseFrom(actions, next), options);
    }

    private static void Check(int error, ChildOptions options)
    {
        if (error != 0)
        {
            throw ProcessException.Of($"executing '{options.Program}'", error);
        }
    }
}
