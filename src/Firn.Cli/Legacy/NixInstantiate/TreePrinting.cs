using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Text;
using Firn.Syntax.Printing;
using Firn.Syntax.Trees;

namespace Firn.Cli.Legacy.NixInstantiate;

/// <summary>Prints trees on a thread of its own, each while the next file is parsed.</summary>
internal static class TreePrinting
{
    // Trees are as deep as the expressions that they were made of.
    private const int StackSize = 1 << 28;
    private const int MostWaiting = 16;

    /// <summary>Prints all trees, in order; those in front of one that cannot be had too.</summary>
    public static void Print(IEnumerable<Expression> trees, Action<byte[]> give)
    {
        using var waiting = new BlockingCollection<Expression>(MostWaiting);
        ExceptionDispatchInfo? failure = null;
        var printer = new Thread(
            () =>
            {
                foreach (var tree in waiting.GetConsumingEnumerable())
                {
                    try
                    {
                        // After a failure the rest is taken, so that nobody waits for its place.
                        if (Volatile.Read(ref failure) is null)
                        {
                            give(Encoding.UTF8.GetBytes(ExpressionPrinter.Print(tree) + "\n"));
                        }
                    }
                    catch (Exception e)
                    {
                        Volatile.Write(ref failure, ExceptionDispatchInfo.Capture(e));
                    }
                }
            },
            StackSize);
        printer.Start();
        try
        {
            foreach (var tree in trees)
            {
                waiting.Add(tree);
                if (Volatile.Read(ref failure) is not null)
                {
                    break;
                }
            }
        }
        finally
        {
            waiting.CompleteAdding();
            printer.Join();
        }

        failure?.Throw();
    }
}
