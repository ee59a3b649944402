using System.Reflection;
using System.Text;
using Firn.Cli.Explaining;
using Firn.Model.Diagnostics;
using Firn.Syntax.Parsing;
using Firn.Syntax.Text;
using Firn.Tests.Evaluation;

namespace Firn.Tests.Cli.Explaining;

public sealed class ExplanationTests
{
    /// <summary>Those whose example is an expression.</summary>
    public static TheoryData<string> Expressions =>
        [.. Explanation.All().Where(e => e.Code.StartsWith("eval/", StringComparison.Ordinal) || e.Code.StartsWith("syntax/", StringComparison.Ordinal))
            .Where(e => !e.Wrong.StartsWith('$')).Select(e => e.Code)];

    [Fact]
    public void Each_code_of_the_program_is_explained_and_nothing_else()
    {
        var codes = Directory.GetFiles(AppContext.BaseDirectory, "*.dll")
            .Where(f => Path.GetFileName(f).StartsWith("Firn.", StringComparison.Ordinal) && !f.EndsWith("Firn.Tests.dll", StringComparison.Ordinal) || Path.GetFileName(f) == "firn.dll")
            .SelectMany(f => Assembly.LoadFrom(f).GetTypes())
            .SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static))
            .Where(p => p.PropertyType == typeof(ErrorCode))
            .Select(p => ((ErrorCode)p.GetValue(null)!).Name)
            .Order(StringComparer.Ordinal)
            .ToList();

        Assert.True(codes.Count > 100);
        Assert.Equal(codes, Explanation.All().Select(e => e.Code));
    }

    [Fact]
    public void Each_explanation_has_a_meaning_both_examples_and_a_cause() => Assert.Empty(Explanation.All()
        .Where(e => e.Meaning.Length == 0 || e.Wrong.Length == 0 || e.Right.Length == 0 || e.Cause.Length == 0 || e.Wrong == e.Right)
        .Select(e => e.Code));

    [Theory]
    [MemberData(nameof(Expressions))]
    public void The_wrong_example_fails_with_its_code_and_the_right_one_works(string code)
    {
        var explanation = Explanation.All().First(e => e.Code == code);

        // That is a warning, not an error.
        var found = code == "syntax/or-as-identifier"
            ? Parser.Parse(new SourceTable().Add(new SourceOrigin.Text(), Encoding.UTF8.GetBytes(explanation.Wrong), "/"), new SymbolTable(), new ParserOptions()).Warnings[0]
            : Evaluations.Failure(explanation.Wrong);
        Assert.Equal(code, found.Code.Name);
        Assert.NotEqual("", Evaluations.Value(explanation.Right));
    }
}
