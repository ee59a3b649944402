using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Firn.Fuzz.Targets;

namespace Firn.Fuzz;

/// <summary>Feeds each target with broken inputs for some seconds.</summary>
/// <remarks>
/// <c>FIRN_FUZZ_SECONDS</c> (5 when not set), <c>FIRN_FUZZ_SEED</c> to repeat a run, <c>FIRN_FUZZ_CORPUS</c> for a folder with
/// more inputs, such as a checkout of Nixpkgs. What fails is written to <c>Found/TARGET/</c> and tried at each run from then on.
/// </remarks>
public sealed class FuzzTests
{
    private static readonly string _here = Here();

    private static readonly Dictionary<string, (IFuzzTarget Target, string Pattern)> _targets = new()
    {
        ["archive"] = (new ReaderTarget("archive", Readers.Archive), "*.tar"),
        ["aws-credentials"] = (new ReaderTarget("aws-credentials", Readers.AwsCredentials), "credentials"),
        ["build-log"] = (new ReaderTarget("build-log", BuildLogTarget.Check), "*.log"),
        ["cache-request"] = (new CacheRequestTarget(), "*.request"),
        ["cache-upload"] = (new CacheUploadTarget(), "*.chunks"),
        ["cacheinfo"] = (new CacheInfoTarget(), "nix-cache-info"),
        ["client"] = (new ReaderTarget("client", ClientTarget.Check), "*.answer"),
        ["compressed"] = (new ReaderTarget("compressed", Readers.Compressed), "text.*"),
        ["deb"] = (new ReaderTarget("deb", Readers.Deb), "*.deb"),
        ["derivation"] = (new DerivationTarget(), "*.drv"),
        ["flake-file"] = (new ReaderTarget("flake-file", Readers.FlakeFile), "flake.nix"),
        ["flake-reference"] = (new ReaderTarget("flake-reference", Readers.FlakeReference), "*.url"),
        ["import"] = (new ImportTarget(), "*.export"),
        ["json"] = (new ReaderTarget("json", Readers.Json), "*.json"),
        ["json-derivation"] = (new ReaderTarget("json-derivation", Readers.JsonDerivation), "*.drv.json"),
        ["keys"] = (new ReaderTarget("keys", Readers.Keys), "*.key"),
        ["lock-file"] = (new ReaderTarget("lock-file", Readers.LockFile), "flake.lock"),
        ["machines"] = (new ReaderTarget("machines", Readers.Machines), "machines"),
        ["nar"] = (new NarTarget(), "*.nar"),
        ["narinfo"] = (new NarInfoTarget(), "*.narinfo"),
        ["netrc"] = (new ReaderTarget("netrc", Readers.Netrc), "netrc"),
        ["parser"] = (new ParserTarget(), "*.nix"),
        ["realisation"] = (new ReaderTarget("realisation", Readers.Realisation), "*.doi"),
        ["registry"] = (new ReaderTarget("registry", Readers.Registry), "registry.json"),
        ["serve"] = (new ServeTarget(), "*.serve"),
        ["toml"] = (new ReaderTarget("toml", Readers.Toml), "*.toml"),
        ["wire"] = (new WireTarget(), "*.wire"),
    };

    public static TheoryData<string> Names => [.. _targets.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_target_copes_with_broken_inputs(string name) => Fuzz(_targets[name].Target, _targets[name].Pattern);

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_target_copes_with_what_it_once_did_not_cope_with(string name)
    {
        var target = _targets[name].Target;
        foreach (var input in Inputs(Path.Combine(_here, "Found", target.Name), "*"))
        {
            target.Check(input);
        }
    }

    private static void Fuzz(IFuzzTarget target, string pattern)
    {
        var corpus = Inputs(Path.Combine(_here, "Corpus", target.Name), "*");
        if (Environment.GetEnvironmentVariable("FIRN_FUZZ_CORPUS") is { } more)
        {
            corpus.AddRange(Inputs(more, pattern));
        }

        var seed = Setting("FIRN_FUZZ_SEED", Environment.TickCount);
        var seconds = Setting("FIRN_FUZZ_SECONDS", 5);
        var mutator = new Mutator(seed, corpus);
        var watch = Stopwatch.StartNew();
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                while (failure is null && watch.Elapsed.TotalSeconds < seconds)
                {
                    failure = Try(target, mutator.Next());
                }
            },
            64 << 20);
        thread.Start();
        thread.Join();
        Assert.True(failure is null, $"seed {seed}: {failure}");
    }

    private static Exception? Try(IFuzzTarget target, byte[] input)
    {
        try
        {
            target.Check(input);
            return null;
        }
        catch (Exception failure)
        {
            var folder = Path.Combine(_here, "Found", target.Name);
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(input))[..16]), input);
            return failure;
        }
    }

    private static List<byte[]> Inputs(string folder, string pattern) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)]
        : [];

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
