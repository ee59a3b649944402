using Firn.Cli.Parsing;
using Firn.Model.Diagnostics;

namespace Firn.Tests.Cli.Parsing;

/// <summary>Scripts say how <c>nix</c> is to run them; what C++ Nix 2.34.8 makes of the same lines.</summary>
public sealed class NixShebangTests
{
    [Theory]
    [InlineData("shell a#b --command  bash\n", "shell|a#b|--command|bash")]
    [InlineData("--expr ``\nlet x = 1;\nin x\n`` -c `` a b ``", "--expr|\nlet x = 1;\nin x\n|-c| a b")]
    [InlineData("``a```b``", "a``b")]
    [InlineData("``` ``", "`")]
    [InlineData("````", "")]
    public void Lines_are_split_into_words(string text, string words) => Assert.Equal(words.Split('|'), NixShebang.Words(text));

    [Theory]
    [InlineData("a * b", "unsupported unquoted character in nix shebang: *. Use double backticks to escape?")]
    [InlineData("#a", "unquoted nix shebang argument cannot start with #. Use double backticks to escape?")]
    [InlineData("`a`", "single backtick is not a supported syntax in the nix shebang.")]
    [InlineData("``a", "unterminated quoted string in nix shebang")]
    public void What_may_get_a_meaning_is_refused(string text, string message) => Assert.Equal(message, Assert.Throws<UsageException>(() => NixShebang.Words(text)).Message);
}
