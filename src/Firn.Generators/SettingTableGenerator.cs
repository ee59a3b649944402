using System.Collections.Immutable;
using System.Text;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Firn.Generators;

/// <summary>Gives a partial settings record its table of settings, from the properties that carry <c>[Setting]</c>.</summary>
[Generator]
public sealed class SettingTableGenerator : IIncrementalGenerator
{
    private const string Attribute = "Firn.Model.Settings.SettingAttribute";

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var entries = context.SyntaxProvider.ForAttributeWithMetadataName(
            Attribute, static (_, _) => true, static (found, _) => Read((IPropertySymbol)found.TargetSymbol));
        context.RegisterSourceOutput(entries.Collect(), Write);
    }

    private static Entry Read(IPropertySymbol property)
    {
        var attribute = property.GetAttributes().Single(a => a.AttributeClass!.ToDisplayString() == Attribute);
        var aliases = Named(attribute, "Aliases") is { IsNull: false } list
            ? string.Join(", ", list.Values.Select(v => Quote((string)v.Value!)))
            : "";
        var feature = Named(attribute, "Feature") is { IsNull: false } name ? Quote((string)name.Value!) : "null";
        var form = Named(attribute, "Form") is { IsNull: false } type
            ? $"global::{((INamedTypeSymbol)type.Value!).ToDisplayString()}.Form"
            : $"global::Firn.Model.Settings.SettingForm.{FormOf(property.Type)}";
        return new Entry(
            property.ContainingNamespace.ToDisplayString(),
            property.ContainingType.Name,
            $"new global::Firn.Model.Settings.Setting<{property.ContainingType.Name}, {property.Type.ToDisplayString(NullableFlowState.None, SymbolDisplayFormat.FullyQualifiedFormat)}{(property.NullableAnnotation == NullableAnnotation.Annotated && property.Type.IsReferenceType ? "?" : "")}>("
            + $"{Quote((string)attribute.ConstructorArguments[0].Value!)}, [{aliases}], {Quote(Summary(property))}, {feature}, {form}, "
            + $"static r => r.{property.Name}, static (r, v) => r with {{ {property.Name} = v }}),");
    }

    private static TypedConstant? Named(AttributeData attribute, string name) =>
        attribute.NamedArguments.Where(a => a.Key == name).Select(a => (TypedConstant?)a.Value).FirstOrDefault();

    private static string FormOf(ITypeSymbol type) => type.ToDisplayString() switch
    {
        "bool" => "Boolean",
        "int" => "Int32",
        "long" => "Int64",
        "string" => "Text",
        "string?" => "OptionalText",
        "System.TimeSpan" => "Seconds",
        "System.Collections.Immutable.ImmutableArray<string>" => "Words",
        "System.Collections.Immutable.ImmutableSortedSet<string>" => "WordSet",
        "System.Collections.Immutable.ImmutableSortedDictionary<string, string>" => "Pairs",
        _ => "NoFormForThisType",
    };

    private static string Summary(ISymbol property)
    {
        var xml = property.GetDocumentationCommentXml();
        if (string.IsNullOrEmpty(xml))
        {
            return "";
        }

        var summary = XDocument.Parse(xml).Descendants("summary").FirstOrDefault()?.Value ?? "";
        return string.Join(" ", summary.Split((char[])null!, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Quote(string text) => SymbolDisplay.FormatLiteral(text, true);

    private static void Write(SourceProductionContext output, ImmutableArray<Entry> entries)
    {
        foreach (var record in entries.GroupBy(e => (e.Namespace, e.Record)))
        {
            var text = new StringBuilder("#nullable enable\nnamespace ").Append(record.Key.Namespace).Append(";\n\n")
                .Append("partial record ").Append(record.Key.Record)
                .Append(" : global::Firn.Model.Settings.ISettings<").Append(record.Key.Record).Append(">\n{\n")
                .Append("    /// <summary>Every setting of this record, in the order written.</summary>\n")
                .Append("    public static global::System.Collections.Immutable.ImmutableArray<global::Firn.Model.Settings.Setting<")
                .Append(record.Key.Record).Append(">> All { get; } =\n    [\n");
            foreach (var entry in record)
            {
                text.Append("        ").Append(entry.Text).Append('\n');
            }

            output.AddSource(record.Key.Record + ".g.cs", text.Append("    ];\n}\n").ToString());
        }
    }

    private sealed class Entry(string space, string record, string text) : IEquatable<Entry>
    {
        public string Namespace { get; } = space;

        public string Record { get; } = record;

        public string Text { get; } = text;

        public bool Equals(Entry? other) =>
            other is not null && (Namespace, Record, Text) == (other.Namespace, other.Record, other.Text);

        public override bool Equals(object? obj) => Equals(obj as Entry);

        public override int GetHashCode() => Text.GetHashCode();
    }
}
