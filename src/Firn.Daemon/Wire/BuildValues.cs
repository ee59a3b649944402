using System.Text.Encodings.Web;
using System.Text.Json;
using Firn.Model.Builds;
using Firn.Model.Derivations;
using Firn.Model.Diagnostics;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;
using Firn.Model.Text;

namespace Firn.Daemon.Wire;

/// <summary>What is asked to be built and what came of it, as both protocols write it.</summary>
internal static class BuildValues
{
    private static readonly ProtocolVersion _withDerivedPaths = new(1, 30);

    public static DerivedPath ReadDerivedPath(this WireReader reader)
    {
        var text = reader.ReadName();
        if (reader.Version.Major == 1 && reader.Version >= _withDerivedPaths)
        {
            return DerivedPath.Parse(text, reader.Directory, '!');
        }

        // Older versions had no way to ask for the file of a derivation.
        return DerivedPath.Parse(text, reader.Directory, '!') is DerivedPath.Opaque { Path: { IsDerivation: true } path }
            ? DerivedPath.Of(path, OutputsSpec.All.Instance)
            : DerivedPath.Parse(text, reader.Directory, '!');
    }

    public static void Write(this WireWriter writer, DerivedPath path)
    {
        var isOld = writer.Version.Major != 1 || writer.Version < _withDerivedPaths;
        if (isOld && path is (DerivedPath.Opaque { Path.IsDerivation: true } or DerivedPath.Built { Derivation: SingleDerivedPath.Built }))
        {
            throw new DaemonException(
                DaemonErrors.Protocol, $"cannot ask for '{path.ToString(writer.Directory)}': the daemon speaks protocol {writer.Version}, which has no words for it");
        }

        writer.Write(isOld && path is DerivedPath.Built { Outputs: OutputsSpec.All }
            ? writer.Directory.Absolute(path.BasePath)
            : path.ToString(writer.Directory, '!'));
    }

    public static BuildMode ReadMode(this WireReader reader) => reader.ReadNumber() switch
    {
        0 => BuildMode.Normal,
        1 => BuildMode.Repair,
        2 => BuildMode.Check,
        _ => throw DaemonException.Protocol("invalid build mode"),
    };

    public static void Write(this WireWriter writer, BuildMode mode) => writer.Write((ulong)mode);

    /// <summary>Reads a derivation whose inputs are all sources.</summary>
    public static Derivation ReadDerivation(this WireReader reader, string name)
    {
        var outputs = reader.ReadList(() =>
        {
            var output = reader.ReadName();
            var path = reader.ReadName();
            var algorithm = reader.ReadName();
            if (StorePathName.FindProblem(output) is { } problem)
            {
                throw DaemonException.Protocol($"'{output}' cannot be the name of an output: {problem}");
            }

            return new NamedOutput(output, DerivationAterm.ReadOutput(path, algorithm, reader.ReadName(), reader.Directory));
        });
        var sources = reader.ReadPaths();
        ByteString Text() => new(reader.ReadBytes());
        return new Derivation
        {
            Name = name,
            Outputs = [.. outputs.DistinctBy(o => o.Name).OrderBy(o => o.Name, Utf8Order.Comparer)],
            InputSources = [.. sources.Distinct().Order()],
            Platform = Text(),
            Builder = Text(),
            Arguments = [.. reader.ReadList(Text)],
            Environment = [.. reader.ReadList(() => new EnvironmentVariable(Text(), Text())).DistinctBy(v => v.Name).OrderBy(v => v.Name)],
        };
    }

    /// <summary>Writes a derivation without the derivations that it needs.</summary>
    public static void Write(this WireWriter writer, Derivation derivation)
    {
        writer.WriteList(derivation.Outputs, output =>
        {
            var (path, algorithm, hash) = DerivationAterm.OutputFields(derivation, writer.Directory, output);
            writer.Write(output.Name);
            writer.Write(path);
            writer.Write(algorithm);
            writer.Write(hash);
        });
        writer.Write(derivation.InputSources);
        writer.Write(derivation.Platform.Span);
        writer.Write(derivation.Builder.Span);
        writer.WriteList(derivation.Arguments, a => writer.Write(a.Span));
        writer.WriteList(derivation.Environment, v =>
        {
            writer.Write(v.Name.Span);
            writer.Write(v.Value.Span);
        });
    }

    public static Realisation ReadRealisation(this WireReader reader)
    {
        try
        {
            using var json = JsonDocument.Parse(reader.ReadBytes(), new JsonDocumentOptions { MaxDepth = 64 });
            return RealisationJson.Read(json.RootElement);
        }
        catch (JsonException e)
        {
            throw new DaemonException(DaemonErrors.Protocol, $"a realisation is no JSON: {e.Message}", e);
        }
    }

    public static void Write(this WireWriter writer, Realisation realisation)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            RealisationJson.Write(json, realisation);
        }

        writer.Write(text.GetBuffer().AsSpan(0, (int)text.Length));
    }

    /// <summary>Reads what came of a build; the protocols differ in what they leave out.</summary>
    public static BuildResult ReadResult(this WireReader reader, ResultForm form)
    {
        var status = (BuildStatus)reader.ReadNumber((long)BuildStatus.NoSubstituters);
        var message = reader.ReadString();
        var result = new BuildResult { Status = status };
        if (form.HasTimes)
        {
            var times = reader.ReadInt();
            _ = reader.ReadFlag();
            result = result with { TimesBuilt = times, StartTime = (long)reader.ReadNumber(), StopTime = (long)reader.ReadNumber() };
        }

        if (form.HasProcessorTimes)
        {
            SkipDuration(reader);
            SkipDuration(reader);
        }

        if (form.HasOutputs)
        {
            var outputs = reader.ReadList(() => (Id: DrvOutput.Parse(reader.ReadName()), Realisation: reader.ReadRealisation()));
            result = result with
            {
                Outputs = result.Outputs.AddRange(outputs.DistinctBy(o => o.Id.OutputName).Select(o => KeyValuePair.Create(o.Id.OutputName, o.Realisation.OutputPath))),
            };
        }

        return result.IsSuccess ? result : result with { Failure = new Diagnostic(DaemonErrors.Remote, message) };
    }

    /// <summary>Writes what came of a build.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="form">What is left out.</param>
    /// <param name="ids">Gives the id of an output by its name.</param>
    public static void Write(this WireWriter writer, BuildResult result, ResultForm form, Func<string, DrvOutput> ids)
    {
        writer.Write((ulong)(result.Status == BuildStatus.HashMismatch ? BuildStatus.OutputRejected : result.Status));
        writer.Write(result.IsSuccess ? "" : result.Failure?.Message ?? "");
        if (form.HasTimes)
        {
            writer.Write((long)result.TimesBuilt);
            writer.Write(result.Status == BuildStatus.NotDeterministic);
            writer.Write(result.StartTime);
            writer.Write(result.StopTime);
        }

        if (form.HasProcessorTimes)
        {
            writer.Write(0UL);
            writer.Write(0UL);
        }

        if (form.HasOutputs)
        {
            var outputs = result.IsSuccess
                ? result.Outputs.Select(o => new Realisation(ids(o.Key), o.Value)).OrderBy(r => r.Id.ToString(), StringComparer.Ordinal).ToList()
                : [];
            writer.WriteList(outputs, realisation =>
            {
                writer.Write(realisation.Id.ToString());
                writer.Write(realisation);
            });
        }
    }

    private static void SkipDuration(WireReader reader)
    {
        if (reader.ReadNumber(1) == 1)
        {
            reader.ReadNumber();
        }
    }
}

/// <summary>Which parts of a build's result a protocol has.</summary>
internal readonly record struct ResultForm(bool HasTimes, bool HasProcessorTimes, bool HasOutputs)
{
    /// <summary>What a version of the worker protocol has.</summary>
    public static ResultForm OfWorker(ProtocolVersion version) =>
        new(version >= new ProtocolVersion(1, 29), version >= new ProtocolVersion(1, 37), version >= new ProtocolVersion(1, 28));

    /// <summary>What a version of the serve protocol has.</summary>
    public static ResultForm OfServing(ProtocolVersion version) =>
        new(version >= new ProtocolVersion(2, 3), false, version >= new ProtocolVersion(2, 6));
}
