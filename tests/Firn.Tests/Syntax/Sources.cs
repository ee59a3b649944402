using System.Runtime.CompilerServices;
using System.Text;
using Firn.Model.Diagnostics;
using Firn.Syntax.Parsing;
using Firn.Syntax.Printing;
using Firn.Syntax.Text;

namespace Firn.Tests.Syntax;

/// <summary>Short ways to parse and print for tests.</summary>
internal static class Sources
{
    internal static ParserOptions Options { get; } = new() { HomeDirectory = "/home/me", PipeOperators = true };

    internal static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    internal static SourceText Of(byte[] bytes) =>
        new SourceTable().Add(new SourceOrigin.Text(), bytes, "/base/dir");

    internal static ParseResult Parse(byte[] bytes, ParserOptions? options = null) =>
        Parser.Parse(Of(bytes), new SymbolTable(), options ?? Options);

    internal static ParseResult Parse(string text, ParserOptions? options = null) =>
        Parse(Encoding.UTF8.GetBytes(text), options);

    /// <summary>The tree of <paramref name="text"/> as <c>--parse</c> shows it, or the error.</summary>
    internal static string Show(string text, ParserOptions? options = null)
    {
        var result = Parse(text, options);
        return result.Root is { } root ? ExpressionPrinter.Print(root) : Line(result.Diagnostics[0]);
    }

    /// <summary>Cuts a file at its lines of four equals signs.</summary>
    internal static IEnumerable<byte[]> Split(byte[] file)
    {
        for (var start = 0; start < file.Length;)
        {
            var length = file.AsSpan(start).IndexOf("\n====\n"u8);
            var end = length < 0 ? file.Length : start + length + 1;
            yield return file[start..end];
            start = length < 0 ? file.Length : end + 5;
        }
    }

    internal static string Line(Diagnostic diagnostic) =>
        $"{diagnostic.Span!.Start.Line}:{diagnostic.Span.Start.Column}+{diagnostic.Span.Length} [{diagnostic.Code}] {diagnostic.Message}";
}
