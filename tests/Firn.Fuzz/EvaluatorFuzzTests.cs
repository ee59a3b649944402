using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Firn.Fuzz.Evaluating;

namespace Firn.Fuzz;

/// <summary>Feeds the evaluator with changed sources: never a crash, never an exception of the host language, always a place in a file.</summary>
/// <remarks>
/// <c>FIRN_FUZZ_SECONDS</c> and <c>FIRN_FUZZ_SEED</c> as for the other targets; <c>FIRN_FUZZ_NIXPKGS</c> names a checkout whose packages,
/// functions and modules are changed as well. What fails is written to <c>Found/evaluator/</c> and tried at each run from then on; what
/// is being tried stands in <c>firn-fuzz-evaluator.nix</c> in the folder for temporary files, for when the program itself goes down.
/// </remarks>
public sealed class EvaluatorFuzzTests
{
    // Everything that was evaluated stays in memory until then.
    private const int EvaluationsEach = 300;

    private static readonly string _repository = Path.GetFullPath(Path.Combine(Here(), "../.."));
    private static readonly string _found = Path.Combine(Here(), "Found/evaluator");

    [Fact]
    public void The_evaluator_copes_with_changed_sources_of_ours() => Fuzz(_repository, Ours(), isNixpkgs: false);

    [Fact]
    public void The_evaluator_copes_with_changed_sources_of_Nixpkgs()
    {
        var nixpkgs = Environment.GetEnvironmentVariable("FIRN_FUZZ_NIXPKGS");
        Assert.SkipWhen(nixpkgs is null, "FIRN_FUZZ_NIXPKGS names no checkout");
        Fuzz(Path.GetFullPath(nixpkgs!), Nixpkgs(nixpkgs!), isNixpkgs: true);
    }

    [Fact]
    public void The_evaluator_copes_with_what_it_once_did_not_cope_with() => OnLargeStack(() =>
    {
        foreach (var file in Directory.Exists(_found) ? Directory.GetFiles(_found, "*.nix").Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            using var evaluation = new FuzzedEvaluation(_repository, isNixpkgs: false);
            evaluation.Check(file, File.ReadAllBytes(file));
        }
    });

    private static void Fuzz(string root, List<(string File, byte[] Text)> corpus, bool isNixpkgs) => OnLargeStack(() =>
    {
        var seed = Setting("FIRN_FUZZ_SEED", Environment.TickCount);
        var seconds = Setting("FIRN_FUZZ_SECONDS", 5);
        var mutator = new SourceMutator(seed, corpus);
        var watch = Stopwatch.StartNew();
        var failures = new Dictionary<string, string>();
        var count = 0;
        var outcomes = new int[4];
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            using var evaluation = new FuzzedEvaluation(root, isNixpkgs);
            for (var i = 0; i < EvaluationsEach && watch.Elapsed.TotalSeconds < seconds; i++, count++)
            {
                Try(evaluation, mutator.Next(), failures);
            }

            outcomes = [.. outcomes.Zip(evaluation.Outcomes, (sum, more) => sum + more)];
        }

        TestContext.Current.SendDiagnosticMessage(
            $"{count} sources tried: {outcomes[0]} gave a value, {outcomes[1]} did not parse, {outcomes[2]} failed otherwise, {outcomes[3]} were interrupted");
        Assert.True(failures.Count == 0, $"seed {seed}: {count} sources tried, {failures.Count} failures\n{string.Join("\n\n", failures.Values)}");
    });

    // The same fault is found again and again: one source for each place in our own code is enough.
    private static void Try(FuzzedEvaluation evaluation, (string File, byte[] Text) source, Dictionary<string, string> failures)
    {
        File.WriteAllBytes(Path.Combine(Path.GetTempPath(), "firn-fuzz-evaluator.nix"), [.. Encoding.UTF8.GetBytes($"# {source.File}\n"), .. source.Text]);
        try
        {
            evaluation.Check(source.File, source.Text);
        }
        catch (Exception failure)
        {
            var key = failure.GetType().Name + string.Join('|', (failure.StackTrace ?? "").Split('\n').Take(3)) + (failure.Message.StartsWith("no place", StringComparison.Ordinal) ? failure.Message[..Math.Min(40, failure.Message.Length)] : "");
            if (failures.TryAdd(key, $"{source.File}: {failure}"))
            {
                Directory.CreateDirectory(_found);
                File.WriteAllBytes(Path.Combine(_found, $"{Path.GetFileNameWithoutExtension(source.File)}-{failures.Count}.nix"), source.Text);
            }
        }
    }

    private static List<(string File, byte[] Text)> Ours()
    {
        var files = Directory.EnumerateFiles(Path.Combine(_repository, "packages"), "*.nix", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(Here(), "Corpus/parser"), "*.nix"))
            .Order(StringComparer.Ordinal).Select(file => (file, File.ReadAllBytes(file)));
        var lines = Directory.EnumerateFiles(Path.Combine(_repository, "tests/Firn.Tests/Evaluation/Cases"), "*.nix")
            .Append(Path.Combine(_repository, "tests/Firn.EndToEnd/SideBySide/expressions.txt")).Order(StringComparer.Ordinal)
            .SelectMany(file => File.ReadAllLines(file).Where(l => l.Length > 0 && l[0] != '#').Select(l => (file, Encoding.UTF8.GetBytes(l))));
        return [.. files, .. lines];
    }

    private static List<(string File, byte[] Text)> Nixpkgs(string root)
    {
        var files = new[] { "lib", "pkgs/build-support", "pkgs/by-name/he", "pkgs/by-name/gi", "pkgs/tools/misc", "nixos/modules/services/web-servers", "nixos/modules/programs" }
            .Select(folder => Path.Combine(root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.nix", SearchOption.AllDirectories)).Order(StringComparer.Ordinal);
        return [.. files.Select(file => (Path.GetFullPath(file), File.ReadAllBytes(file))).Where(f => f.Item2.Length < 60_000)];
    }

    private static void OnLargeStack(Action work)
    {
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    work();
                }
                catch (Exception e)
                {
                    failure = e;
                }
            },
            64 << 20);
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            throw new InvalidOperationException(failure.Message, failure);
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
