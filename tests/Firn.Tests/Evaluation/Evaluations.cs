using System.Runtime.ExceptionServices;
using System.Text;
using Firn.Evaluation;
using Firn.Evaluation.Printing;
using Firn.Evaluation.Remembering;
using Firn.Model.Diagnostics;
using Firn.Syntax.Text;

namespace Firn.Tests.Evaluation;

/// <summary>Evaluates expressions for tests, each with an evaluator of its own.</summary>
internal static class Evaluations
{
    /// <summary>Evaluates an expression and all in it; returns what <c>nix-instantiate --eval --strict</c> prints.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="host">The world.</param>
    /// <param name="options">Changes the options.</param>
    /// <param name="remember">Where parts are remembered; null for nowhere.</param>
    internal static string Value(
        string expression, MemoryHost? host = null, Func<EvaluationOptions, EvaluationOptions>? options = null, IClosedMemory? remember = null) =>
        OnLargeStack(() =>
        {
            var eval = New(host ?? new MemoryHost(), options);
            if (remember is not null)
            {
                eval.Remember(remember);
            }

            try
            {
                var value = eval.Files.EvaluateText(expression);
                eval.ForceDeep(value);
                eval.EndHelp();
                eval.KeepClosedCalls();
                return Encoding.UTF8.GetString(AmbiguousPrinter.Print(value, eval, isDeep: true));
            }
            finally
            {
                eval.EndHelp();
            }
        });

    /// <summary>Evaluates an expression that must fail, and returns what is said about it.</summary>
    internal static Diagnostic Failure(
        string expression, MemoryHost? host = null, Func<EvaluationOptions, EvaluationOptions>? options = null, IClosedMemory? remember = null)
    {
        FirnException? failure = null;
        OnLargeStack(() =>
        {
            failure = Assert.ThrowsAny<FirnException>(() => Value(expression, host, options, remember));
            _ = failure.Diagnostic;
            return "";
        });
        return failure!.Diagnostic;
    }

    /// <summary>The line of text that the primary place of a failure is in.</summary>
    internal static string Line(Diagnostic diagnostic) => Encoding.UTF8.GetString(diagnostic.Span!.LineBytes).Trim();

    internal static Evaluator New(MemoryHost host, Func<EvaluationOptions, EvaluationOptions>? options = null)
    {
        var plain = new EvaluationOptions { Settings = new EvaluationSettings(), CurrentSystem = "x86_64-linux" };
        return new Evaluator(options?.Invoke(plain) ?? plain, host, new SymbolTable(), new SourceTable());
    }

    // Evaluation recurses as deeply as the expression does.
    private static string OnLargeStack(Func<string> work)
    {
        string? result = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = work();
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            256 << 20);
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }
}
