using System.Text;
using Firn.Building.Logs;
using Firn.Model.Diagnostics;

namespace Firn.Fuzz.Targets;

/// <summary>A builder that prints anything, also messages for us: they change nothing but what is shown of this build, and all that began ends.</summary>
internal static class BuildLogTarget
{
    private const ulong Build = 7;

    public static void Check(byte[] input)
    {
        var heard = new Heard();
        var log = new BuildLog(heard, Build, tailLines: 10);
        // A pipe cuts what it carries anywhere.
        var cut = input.Length == 0 ? 0 : input[0] % (input.Length + 1);
        log.Write(input.AsSpan(0, cut));
        log.Write(input.AsSpan(cut));
        log.Finish();
        Assert.InRange(log.Tail.Count, 0, 10);
        Assert.Empty(heard.Running);

        // What is no message is shown as it is, whatever it is.
        var text = input.TakeWhile(b => b is not ((byte)'\n' or (byte)'\r')).ToArray();
        if (text.Length == input.Length && text.Length > 0 && heard.Lines.Count > 0)
        {
            Assert.Equal(Encoding.UTF8.GetString(text), heard.Lines[0]);
        }
    }

    private sealed class Heard : IActivityLog
    {
        private ulong _last = Build;

        public HashSet<ulong> Running { get; } = [];

        public List<string> Lines { get; } = [];

        public bool Shows(Verbosity level) => true;

        public void Write(Verbosity level, string message)
        {
            Assert.True(Enum.IsDefined(level));
            Assert.NotNull(message);
        }

        public ulong Start(Verbosity level, ActivityKind kind, string text, ulong parent, params ReadOnlySpan<ActivityField> fields)
        {
            Assert.True(Enum.IsDefined(level));
            Assert.Equal(ActivityKind.FileTransfer, kind);
            Assert.Equal(Build, parent);
            Assert.NotNull(text);
            Running.Add(++_last);
            return _last;
        }

        public void Report(ulong activity, ActivityEvent what, params ReadOnlySpan<ActivityField> fields)
        {
            Assert.True(activity == Build || Running.Contains(activity));
            foreach (var field in fields)
            {
                Assert.True(field.Text is not null || what is not (ActivityEvent.BuildLogLine or ActivityEvent.SetPhase) || activity != Build);
            }

            if (activity == Build && what == ActivityEvent.BuildLogLine)
            {
                Lines.Add(fields[0].Text!);
            }
        }

        public void Stop(ulong activity) => Assert.True(Running.Remove(activity));
    }
}
