using System.Text.Json;
using Firn.Building;
using Firn.Building.Running;
using Firn.Model.StorePaths;
using Firn.Model.Text;
using Firn.Platform.Processes;

namespace Firn.Sandbox;

/// <summary>Has a program of the user's build: it gets a file that says what, and makes the outputs in a way of its own.</summary>
/// <remarks>The form of the file, version 1, is C++ Nix's.</remarks>
internal sealed class ExternalChamber(
    PlainChamber inner, ChamberRequest request, ExternalBuilder builder, BuildDirectory directory, IReadOnlyDictionary<string, string> environment) : IBuildChamber
{
    public string BuildDirectory => "/build";

    public string RealBuildDirectory => inner.RealBuildDirectory;

    public bool HidesOutputs => inner.HidesOutputs;

    public (uint First, uint Last)? Users => inner.Users;

    public string RealPath(StorePath output) => inner.RealPath(output);

    public void Show(StorePath path) => inner.Show(path);

    public void AddFile(string name, ReadOnlySpan<byte> content) => inner.AddFile(name, content);

    public ChildProcess Start(BuilderCommand command, PseudoTerminal terminal)
    {
        var file = directory.AddAbove("build.json", Describe(command));
        return inner.Start(
            command with
            {
                Program = ByteString.Of(builder.Program),
                Arguments = [.. builder.Arguments.Select(ByteString.Of), ByteString.Of(file)],
                Variables = environment.ToDictionary(v => ByteString.Of(v.Key), v => ByteString.Of(v.Value)),
            },
            terminal);
    }

    public ChildProcess StartShell(BuilderCommand command) => inner.StartShell(command);

    public ProcessEnd Stop(ChildProcess child) => inner.Stop(child);

    public SetupFailure? FindSetupFailure(IReadOnlyCollection<string> lastLines) => null;

    public string KeepBuildDirectory() => inner.KeepBuildDirectory();

    public void KeepOutputs(IEnumerable<StorePath> outputs) => inner.KeepOutputs(outputs);

    public void Dispose() => inner.Dispose();

    private byte[] Describe(BuilderCommand command)
    {
        using var content = new MemoryStream();
        using (var json = new Utf8JsonWriter(content))
        {
            json.WriteStartObject();
            json.WriteNumber("version", 1);
            json.WriteString("builder", command.Program.Span);
            json.WriteStartArray("args");
            foreach (var argument in command.Arguments)
            {
                json.WriteStringValue(argument.Span);
            }

            json.WriteEndArray();
            json.WriteStartObject("env");
            foreach (var (name, value) in command.Variables)
            {
                json.WriteString(name.Span, value.Span);
            }

            json.WriteEndObject();
            json.WriteString("topTmpDir", directory.Top);
            json.WriteString("tmpDir", directory.Path);
            json.WriteString("tmpDirInSandbox", BuildDirectory);
            json.WriteString("storeDir", request.Directory.Path);
            json.WriteString("realStoreDir", request.RealStoreDirectory);
            json.WriteString("system", request.Derivation.Platform.Span);
            json.WriteStartArray("inputPaths");
            foreach (var input in request.Inputs)
            {
                json.WriteStringValue(request.Directory.Absolute(input));
            }

            json.WriteEndArray();
            json.WriteStartObject("outputs");
            foreach (var (name, path) in command.Outputs)
            {
                json.WriteString(name, request.Directory.Absolute(path));
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return content.ToArray();
    }
}
