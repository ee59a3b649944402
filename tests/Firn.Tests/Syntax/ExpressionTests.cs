using System.Text;

namespace Firn.Tests.Syntax;

public sealed class ExpressionTests
{
    private static readonly string _cases = Path.Combine(Sources.Folder(), "Cases");

    /// <summary>What is expected was compared with C++ Nix 2.34.8, which has the same output for each of them.</summary>
    [Fact]
    public void Each_construct_becomes_the_tree_that_upstream_shows()
    {
        var output = new StringBuilder();
        foreach (var source in Sources.Split(File.ReadAllBytes(Path.Combine(_cases, "expressions.in"))))
        {
            output.Append(Sources.Show(Encoding.UTF8.GetString(source))).Append('\n');
        }

        Golden.Check(Path.Combine(_cases, "expressions.exp"), output.ToString());
    }
}
