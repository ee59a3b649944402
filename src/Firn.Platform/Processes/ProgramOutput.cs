using System.Text;
using Firn.Model.Text;

namespace Firn.Platform.Processes;

/// <summary>Runs a program to its end and takes what it printed.</summary>
public static class ProgramOutput
{
    /// <summary>Runs <paramref name="program"/>; its errors go to <paramref name="errors"/>, or with its output when that is null.</summary>
    /// <exception cref="ProcessException">It could not be started.</exception>
    public static (ProcessEnd End, string Output) Run(
        string program, IEnumerable<string> arguments, IEnumerable<string> environment, int? errors = null, Credentials? credentials = null)
    {
        using var pipe = new Pipe();
        var writing = (int)pipe.Writing.DangerousGetHandle();
        using var child = ChildProcess.Start(new ChildOptions
        {
            Program = ByteString.Of(program),
            Arguments = [ByteString.Of(program), .. arguments.Select(ByteString.Of)],
            Environment = [.. environment.Select(ByteString.Of)],
            Descriptors = [new(writing, 1), new(errors ?? writing, 2)],
            Directory = "/",
            Credentials = credentials,
        });
        pipe.Writing.Dispose();
        var output = Encoding.UTF8.GetString(pipe.ReadToEnd());
        return (child.Wait(), output);
    }
}
