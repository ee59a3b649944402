using System.Text;
using CsCheck;
using Firn.Model.Diagnostics;

namespace Firn.Tests.Evaluation;

/// <summary>The lists of expressions in Cases/, one a line, with what each gives; C++ Nix must give the same values.</summary>
public sealed class LanguageTests
{
    private static string Folder => Path.GetDirectoryName(Here())!;

    public static TheoryData<string> Lists => Golden.Cases("*.nix");

    [Theory]
    [MemberData(nameof(Lists))]
    public void Each_expression_gives_what_is_written_down(string list)
    {
        var file = Path.Combine(Folder, list);
        var results = File.ReadAllLines(file).Select(expression =>
        {
            try
            {
                return Evaluations.Value(expression);
            }
            catch (FirnException failure)
            {
                return $"error[{failure.Kind}] {failure.Message.ReplaceLineEndings(" ")}";
            }
        });
        Golden.Check(Path.ChangeExtension(file, ".exp"), string.Concat(results.Select(r => r + "\n")));
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public void The_reference_gives_the_same_values(string list)
    {
        Reference.Require();
        var file = Path.Combine(Folder, list);
        var cases = File.ReadAllLines(file).Zip(File.ReadAllLines(Path.ChangeExtension(file, ".exp")))
            .Where(c => !c.Second.StartsWith("error[", StringComparison.Ordinal) && !c.First.Contains("__curPos", StringComparison.Ordinal))
            .ToList();
        var all = $"[ {string.Join(' ', cases.Select(c => $"({c.First})"))} ]";

        Assert.Equal($"[ {string.Join(' ', cases.Select(c => c.Second))} ]", AskReference(all));
    }

    [Fact]
    public void Random_expressions_give_what_the_reference_says()
    {
        Reference.Require();
        var expressions = TypedGen.Expression.Array[200].Single();
        var all = $"[ {string.Join(' ', expressions.Select(e => $"({e})"))} ]";
        if (AskReference(all) != Evaluations.Value(all))
        {
            Assert.All(expressions, expression => Assert.Equal(AskReference(expression), Evaluations.Value(expression)));
            Assert.Fail("together they differ");
        }
    }

    [Fact]
    public void Random_expressions_have_values()
    {
        TypedGen.Expression.Sample(expression => Assert.NotEqual("", Evaluations.Value(expression)), iter: 100);
    }

    private static string AskReference(string expression) => Encoding.UTF8.GetString(
        Reference.RunForBytes(Encoding.UTF8.GetBytes(expression), "nix-instantiate", "--eval", "--strict", "--store", "dummy://?read-only=false", "-")).TrimEnd('\n');

    private static string Here([System.Runtime.CompilerServices.CallerFilePath] string file = "") => file;
}
