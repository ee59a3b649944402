using Firn.Syntax.Text;
using Firn.Syntax.Trees;

namespace Firn.Syntax.Printing;

/// <summary>The order in which the attributes of a set are shown: inherited ones first, then the rest, each by name.</summary>
internal static class BindingsText
{
    internal static void Add(List<object> to, Bindings bindings)
    {
        var sorted = bindings.Items.ToArray();
        Array.Sort(sorted, static (a, b) => SymbolOrder.ByBytes.Compare(a.Name, b.Name));
        AddInherited(to, sorted);
        for (var source = 0; source < bindings.InheritSources.Length; source++)
        {
            AddInheritedFrom(to, sorted, source, bindings.InheritSources[source]);
        }

        foreach (var binding in sorted)
        {
            if (binding is Binding.Plain plain)
            {
                ExpressionPrinter.Add(to, plain.Name, " = ", plain.Value, "; ");
            }
        }

        foreach (var binding in bindings.Dynamic)
        {
            ExpressionPrinter.Add(to, "\"${", binding.Name, "}\" = ", binding.Value, "; ");
        }
    }

    private static void AddInherited(List<object> to, Binding[] sorted)
    {
        var isFirst = true;
        foreach (var binding in sorted)
        {
            if (binding is Binding.Inherited)
            {
                ExpressionPrinter.Add(to, isFirst ? "inherit " : " ", binding.Name);
                isFirst = false;
            }
        }

        if (!isFirst)
        {
            to.Add("; ");
        }
    }

    private static void AddInheritedFrom(List<object> to, Binding[] sorted, int number, Expression source)
    {
        var isFirst = true;
        foreach (var binding in sorted)
        {
            if (binding is Binding.InheritedFrom from && from.Source == number)
            {
                if (isFirst)
                {
                    ExpressionPrinter.Add(to, "inherit (", source, ")");
                    isFirst = false;
                }

                ExpressionPrinter.Add(to, " ", binding.Name);
            }
        }

        if (!isFirst)
        {
            to.Add("; ");
        }
    }
}

/// <summary>Orders names by their bytes, as upstream sorts what it shows.</summary>
internal sealed class SymbolOrder : IComparer<Symbol>
{
    private SymbolOrder() { }

    internal static SymbolOrder ByBytes { get; } = new();

    public int Compare(Symbol? x, Symbol? y) => x!.Bytes.AsSpan().SequenceCompareTo(y!.Bytes);
}
