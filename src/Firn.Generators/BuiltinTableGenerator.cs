using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Firn.Generators;

/// <summary>Writes the table of builtins from the methods that carry <c>[Builtin]</c>: parameter types say what is forced.</summary>
[Generator]
public sealed class BuiltinTableGenerator : IIncrementalGenerator
{
    private const string Attribute = "Firn.Evaluation.Builtins.BuiltinAttribute";

    private static readonly string[] _ordinals = ["first", "second", "third"];

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var entries = context.SyntaxProvider.ForAttributeWithMetadataName(
            Attribute, static (_, _) => true, static (found, _) => Read((IMethodSymbol)found.TargetSymbol));
        context.RegisterSourceOutput(entries.Collect(), Write);
    }

    private static Entry Read(IMethodSymbol method)
    {
        var attribute = method.GetAttributes().Single(a => a.AttributeClass!.ToDisplayString() == Attribute);
        var name = (string)attribute.ConstructorArguments[0].Value!;
        var isGlobal = attribute.NamedArguments.Any(a => a.Key == "Global" && (bool)a.Value.Value!);
        var feature = attribute.NamedArguments.FirstOrDefault(a => a.Key == "Feature").Value.Value as string;
        var parameters = method.Parameters.Where(p => p.Type.Name != "Evaluator").ToArray();
        var strict = 0;
        for (var i = 0; i < parameters.Length; i++)
        {
            strict |= parameters[i].Type.Name == "Lazy" ? 0 : 1 << i;
        }

        var call = string.Join(", ", method.Parameters.Select(p =>
            p.Type.Name == "Evaluator" ? "eval" : Argument(p, System.Array.IndexOf(parameters, p), name)));
        var body = $"{method.ContainingType.Name}.{method.Name}({call})";
        body = method.ReturnType.Name switch
        {
            "Boolean" => $"NixBool.Of({body})",
            "Int64" => $"NixInt.Of({body})",
            _ => body,
        };
        return new Entry(name, isGlobal, feature, parameters.Length, strict, body);
    }

    private static string Argument(IParameterSymbol parameter, int index, string builtin)
    {
        var value = "abc"[index].ToString();
        var doing = $"0, \"while evaluating the {_ordinals[index]} argument passed to builtins.{builtin}\"";
        return parameter.Type.Name switch
        {
            "Lazy" => $"new Lazy({value})",
            "Value" => $"eval.Force({value})",
            "NixList" => $"eval.ForceList({value}, {doing})",
            "AttributeSet" => $"eval.ForceSet({value}, {doing})",
            "NixString" => $"eval.ForceString({value}, {doing})",
            "Int64" => $"eval.ForceInt({value}, {doing})",
            "Boolean" => $"eval.ForceBool({value}, {doing})",
            "Function" => $"new Function(eval.ForceFunction({value}, {doing}))",
            var other => $"#error the parameter type {other} is not one that a builtin can have\n",
        };
    }

    private static void Write(SourceProductionContext output, ImmutableArray<Entry> entries)
    {
        if (entries.IsEmpty)
        {
            return;
        }

        var text = new StringBuilder("""
            #nullable enable
            using Firn.Evaluation.Values;
            namespace Firn.Evaluation.Builtins;
            internal static class BuiltinTable
            {
                internal static BuiltinEntry[] Create() =>
                [

            """);
        foreach (var e in entries.OrderBy(e => e.Name, System.StringComparer.Ordinal))
        {
            text.Append($"        new(new Builtin(\"{e.Name}\", {e.Arity}, {e.Strict}, static (eval, a, b, c) => {e.Body}), {(e.IsGlobal ? "true" : "false")}, {(e.Feature is null ? "null" : $"\"{e.Feature}\"")}),\n");
        }

        output.AddSource("BuiltinTable.g.cs", text.Append("    ];\n}\n").ToString());
    }

    private sealed class Entry(string name, bool isGlobal, string? feature, int arity, int strict, string body) : System.IEquatable<Entry>
    {
        public string Name { get; } = name;

        public bool IsGlobal { get; } = isGlobal;

        public string? Feature { get; } = feature;

        public int Arity { get; } = arity;

        public int Strict { get; } = strict;

        public string Body { get; } = body;

        public bool Equals(Entry? other) =>
            other is not null && (Name, IsGlobal, Feature, Body) == (other.Name, other.IsGlobal, other.Feature, other.Body);

        public override bool Equals(object? other) => Equals(other as Entry);

        public override int GetHashCode() => Name.GetHashCode() ^ Body.GetHashCode();
    }
}
