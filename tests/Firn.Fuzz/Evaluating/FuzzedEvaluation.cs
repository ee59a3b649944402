using System.Text;
using Firn.Evaluation;
using Firn.Evaluation.Printing;
using Firn.Model.Diagnostics;
using Firn.Syntax.Text;

namespace Firn.Fuzz.Evaluating;

/// <summary>Evaluates changed sources one after the other: each gives a value, or an error that names a place inside a file.</summary>
internal sealed class FuzzedEvaluation : IDisposable
{
    // What a package, a function of lib, a module or any other file is for decides how it is tried.
    private const string Driver =
        """
        file: let
          it = import file;
          pkgs = @pkgs@;
          arguments = if builtins.isFunction it then builtins.functionArgs it else { };
          called =
            if builtins.isFunction it then
              if pkgs == null then it (builtins.mapAttrs (n: _: n) arguments) else pkgs.callPackage it { }
            else it;
        in
          if builtins.isAttrs called && called ? drvPath then [ called.drvPath called.name or null ]
          else if builtins.isAttrs called && (called ? config || called ? options) && pkgs != null then
            builtins.attrNames (pkgs.lib.evalModules { modules = [ it { _module.check = false; } ]; specialArgs = { inherit pkgs; }; }).options
          else if builtins.isAttrs called then builtins.mapAttrs (n: v: builtins.typeOf v) called
          else called
        """;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private readonly FuzzWorld _world;
    private readonly Evaluator _eval;
    private int _count;

    public FuzzedEvaluation(string root, bool isNixpkgs)
    {
        _world = new FuzzWorld(root);
        _world.Write(root + "/fuzz-driver.nix", Encoding.UTF8.GetBytes(Driver.Replace("@pkgs@", isNixpkgs ? "import ./fuzz-pkgs.nix" : "null", StringComparison.Ordinal)));
        _world.Write(root + "/fuzz-pkgs.nix", "import ./. { system = \"x86_64-linux\"; config = { }; overlays = [ ]; }"u8.ToArray());
        Root = root;
        _eval = new Evaluator(
            new EvaluationOptions { Settings = new EvaluationSettings(), CurrentSystem = "x86_64-linux", Features = ["pipe-operators"] },
            _world, new SymbolTable(), new SourceTable());
    }

    public string Root { get; }

    /// <summary>How many sources gave a value, an error of the parser, another error, and had to be interrupted.</summary>
    public int[] Outcomes { get; } = new int[4];

    /// <summary>Throws what must not be thrown by evaluating <paramref name="text"/> in the place of <paramref name="file"/>.</summary>
    public void Check(string file, byte[] text)
    {
        var path = $"{Path.GetDirectoryName(file)}/fuzzed-{_count++}.nix";
        _world.Write(path, text);
        using var timer = new Timer(_ => _eval.Interrupt(), null, _patience, Timeout.InfiniteTimeSpan);
        try
        {
            var value = _eval.Files.EvaluateText($"import {Root}/fuzz-driver.nix {path}");
            _eval.ForceDeep(value);
            AmbiguousPrinter.Print(value, _eval, isDeep: true);
            Outcomes[0]++;
        }
        catch (FirnException failure)
        {
            Outcomes[failure is SourceException ? 1 : 2]++;
            _eval.Locate(failure);
            CheckDiagnostic(failure.Diagnostic);
        }
        catch (OperationCanceledException)
        {
            // It would have gone on for long.
            Outcomes[3]++;
        }
        finally
        {
            _eval.ForgetInterruption();
            _eval.Unwind((0, 0, false));
        }
    }

    public void Dispose() => _eval.Heap.Dispose();

    private void CheckDiagnostic(Diagnostic diagnostic)
    {
        // Who throws chooses the message, which may be none.
        Assert.True(diagnostic.Message.Length > 0 || diagnostic.Code == EvaluationErrors.Thrown || diagnostic.Code == EvaluationErrors.Abort, "no message");
        Assert.True(diagnostic.Span is not null, $"no place: {diagnostic.Message}");
        CheckSpan(diagnostic.Span);
        Assert.All(diagnostic.Labels, label => CheckSpan(label.Span));
        Assert.All(diagnostic.Trace, frame => CheckSpan(frame.Span));
    }

    private void CheckSpan(SourceSpan? span)
    {
        if (span is null)
        {
            return;
        }

        Assert.True(span.Start.Line >= 1 && span.Start.Column >= 1, "counted from 1");
        Assert.True(span.Start.Column - 1 <= span.LineBytes.Length + 2, "a column inside the line");
        Assert.True(span.Length >= 0 && (span.Length == 0 || span.Start.Column - 1 + span.Length <= span.LineBytes.Length), "a span inside the line");
        var sources = _eval.Sources.All().Where(s => s.Origin == span.Origin).ToList();
        Assert.True(
            sources.Count == 0 || sources.Any(s => s.Line(span.Start.Line).SequenceEqual(span.LineBytes)), "the line of its source");
    }
}
