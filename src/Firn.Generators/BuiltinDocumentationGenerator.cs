using System.Collections.Immutable;
using System.Text;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Firn.Generators;

/// <summary>Writes what the builtins' documentation comments say, for a prompt to show.</summary>
[Generator]
public sealed class BuiltinDocumentationGenerator : IIncrementalGenerator
{
    private const string Attribute = "Firn.Evaluation.Builtins.BuiltinAttribute";

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var entries = context.SyntaxProvider.ForAttributeWithMetadataName(
            Attribute, static (_, _) => true, static (found, _) => Read((IMethodSymbol)found.TargetSymbol));
        context.RegisterSourceOutput(entries.Collect(), Write);
    }

    private static (string Name, string Parameters, string Text) Read(IMethodSymbol method)
    {
        var attribute = method.GetAttributes().Single(a => a.AttributeClass!.ToDisplayString() == Attribute);
        var parameters = method.Parameters.Where(p => p.Type.Name != "Evaluator").Select(p => SymbolDisplay.FormatLiteral(p.Name, true));
        return ((string)attribute.ConstructorArguments[0].Value!, string.Join(", ", parameters), Text(method.GetDocumentationCommentXml()));
    }

    private static string Text(string? xml)
    {
        if (string.IsNullOrEmpty(xml))
        {
            return "";
        }

        var summary = XElement.Parse(xml).Element("summary");
        return summary is null ? "" : string.Join(" ", string.Concat(summary.Nodes().Select(Markdown)).Split((char[]?)null, System.StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Markdown(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "paramref" } name => $"*{name.Attribute("name")?.Value}*",
        XElement { Name.LocalName: "see" } see => $"`{see.Attribute("cref")?.Value.Split('.').Last() ?? see.Value}`",
        XElement other => other.Value,
        _ => "",
    };

    private static void Write(SourceProductionContext output, ImmutableArray<(string Name, string Parameters, string Text)> entries)
    {
        if (entries.IsEmpty)
        {
            return;
        }

        var text = new StringBuilder("""
            #nullable enable
            namespace Firn.Evaluation.Builtins;
            internal static class BuiltinDocumentation
            {
                internal static (string[] Parameters, string Text)? Find(string name) => name switch
                {

            """);
        foreach (var (name, parameters, description) in entries.OrderBy(e => e.Name, System.StringComparer.Ordinal))
        {
            text.Append($"        {SymbolDisplay.FormatLiteral(name, true)} => ([{parameters}], {SymbolDisplay.FormatLiteral(description, true)}),\n");
        }

        output.AddSource("BuiltinDocumentation.g.cs", text.Append("        _ => null,\n    };\n}\n").ToString());
    }
}
