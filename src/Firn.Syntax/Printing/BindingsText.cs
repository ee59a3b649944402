using Firn.Syntax.Text;
using Firn.Syntax.Trees;

namespace Firn.Syntax.Printing;

/// <summary>The order in which the attributes of a set are shown: inherited ones first, then the rest, each by name.</summary>
internal static class BindingsText
{
    internal static void Add(List<object> to, Bindings bindings)
    {
        var sorted = bindings.Items.OrderBy(binding => binding.Name, SymbolOrder.ByBytes).ToArray();
        AddInherited(to, sorted);
        var bySource = sorted.OfType<Binding.InheritedFrom>().GroupBy(binding => binding.Source).OrderBy(group => group.Key);
        foreach (var group in bySource)
        {
            ExpressionPrinter.Add(to, "inherit (", bindings.InheritSources[group.Key], ")");
            foreach (var binding in group)
            {
                ExpressionPrinter.Add(to, " ", binding.Name);
            }

            ExpressionPrinter.Add(to, "; ");
        }

        foreach (var binding in sorted.OfType<Binding.Plain>())
        {
            ExpressionPrinter.Add(to, binding.Name, " = ", binding.Value, "; ");
        }

        foreach (var binding in bindings.Dynamic)
        {
            ExpressionPrinter.Add(to, "\"${", binding.Name, "}\" = ", binding.Value, "; ");
        }
    }

    private static void AddInherited(List<object> to, Binding[] sorted)
    {
        var inherited = sorted.OfType<Binding.Inherited>().ToArray();
        if (inherited.Length == 0)
        {
            return;
        }

        ExpressionPrinter.Add(to, "inherit");
        foreach (var binding in inherited)
        {
            ExpressionPrinter.Add(to, " ", binding.Name);
        }

        ExpressionPrinter.Add(to, "; ");
    }
}

/// <summary>Orders names by their bytes, as upstream sorts what it shows.</summary>
internal sealed class SymbolOrder : IComparer<Symbol>
{
    private SymbolOrder() { }

    internal static SymbolOrder ByBytes { get; } = new();

    public int Compare(Symbol? x, Symbol? y) => x!.Bytes.AsSpan().SequenceCompareTo(y!.Bytes);
}
