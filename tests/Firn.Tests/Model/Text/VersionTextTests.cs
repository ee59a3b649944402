using System.Text;
using CsCheck;
using Firn.Model.Text;

namespace Firn.Tests.Model.Text;

public sealed class VersionTextTests
{
    /// <summary>Versions, and how C++ Nix compares each with all of them in this order.</summary>
    private static readonly (string Version, string Row)[] Comparisons =
    [
        ("1.0", "=<<<<<<<<<<<>>><>>>>><><<>>>>>><<>>"),
        ("2.3", ">=><<<<>>><<>>>>>>>>><>>>>>>>>>>=>>"),
        ("2.1", "><=<<<<<<<<<>>>>>>>>><>>>>>>>>><<>>"),
        ("2.3.1", ">>>=<<>>>>>>>>>>>>>>><>>>>>>>>>>>>>"),
        ("2.5", ">>>>=<>>>>>>>>>>>>>>><>>>>>>>>>>>>>"),
        ("3.1", ">>>>>=>>>>>>>>>>>>>>><>>>>>>>>>>>>>"),
        ("2.3a", ">>><<<=>>><<>>>>>>>>><>>>>>>>>>>>>>"),
        ("2.3pre1", "><><<<<=<<<<>>>>>>>>><>>>>>>>>>><>>"),
        ("2.3pre3", "><><<<<>=<<<>>>>>>>>><>>>>>>>>>><>>"),
        ("2.3pre12", "><><<<<>>=<<>>>>>>>>><>>>>>>>>>><>>"),
        ("2.3c", ">>><<<>>>>=<>>>>>>>>><>>>>>>>>>>>>>"),
        ("2.3q", ">>><<<>>>>>=>>>>>>>>><>>>>>>>>>>>>>"),
        ("", "<<<<<<<<<<<<=<<<<<><<<<<<=<<<<<<<<<"),
        ("1", "<<<<<<<<<<<<>==<>>>>><><<>>><<<<<>>"),
        ("01", "<<<<<<<<<<<<>==<>>>>><><<>>><<<<<>>"),
        ("1.0.0", "><<<<<<<<<<<>>>=>>>>><><<>>>>>><<>>"),
        ("a", "<<<<<<<<<<<<><<<=<><><><<><><<<<<<<"),
        ("b", "<<<<<<<<<<<<><<<>=><><><<><><<<<<<<"),
        ("pre", "<<<<<<<<<<<<<<<<<<=<<<<<<<<<<<<<<<<"),
        ("prea", "<<<<<<<<<<<<><<<>>>=><><<><><<<<<<<"),
        ("99999999999", "<<<<<<<<<<<<><<<<<><=<><<><<<<<<<<<"),
        ("2147483647", ">>>>>>>>>>>>>>>>>>>>>=>>>>>>>>>>>>>"),
        ("2147483648", "<<<<<<<<<<<<><<<<<><<<=<<><<<<<<<<<"),
        ("1-2", "><<<<<<<<<<<>>>>>>>>><>==>>>>>><<>>"),
        ("1..2", "><<<<<<<<<<<>>>>>>>>><>==>>>>>><<>>"),
        ("-", "<<<<<<<<<<<<=<<<<<><<<<<<=<<<<<<<<<"),
        ("é", "<<<<<<<<<<<<><<<>>>>><><<>=><<<<<<<"),
        ("A", "<<<<<<<<<<<<><<<<<><><><<><=<<<<<<<"),
        ("1a2", "<<<<<<<<<<<<>>><>>>>><><<>>>==><<>>"),
        ("1.a.2", "<<<<<<<<<<<<>>><>>>>><><<>>>==><<>>"),
        ("1+2", "<<<<<<<<<<<<>>><>>>>><><<>>><<=<<>>"),
        ("2.3.pre", "><><<<<<<<<<>>>>>>>>><>>>>>>>>>=<>>"),
        ("2.3.", ">=><<<<>>><<>>>>>>>>><>>>>>>>>>>=>>"),
        ("0", "<<<<<<<<<<<<><<<>>>>><><<>>><<<<<=="),
        ("00", "<<<<<<<<<<<<><<<>>>>><><<>>><<<<<=="),
    ];

    [Fact]
    public void Versions_compare_as_in_C_plus_plus_Nix()
    {
        foreach (var (version, row) in Comparisons)
        {
            Assert.Equal(row, string.Concat(Comparisons.Select(other => Sign(Compare(version, other.Version)))));
        }
    }

    [Theory]
    [InlineData("1.0", "1 0")]
    [InlineData("2.3", "2 3")]
    [InlineData("2.1", "2 1")]
    [InlineData("2.3.1", "2 3 1")]
    [InlineData("2.5", "2 5")]
    [InlineData("3.1", "3 1")]
    [InlineData("2.3a", "2 3 a")]
    [InlineData("2.3pre1", "2 3 pre 1")]
    [InlineData("2.3pre3", "2 3 pre 3")]
    [InlineData("2.3pre12", "2 3 pre 12")]
    [InlineData("2.3c", "2 3 c")]
    [InlineData("2.3q", "2 3 q")]
    [InlineData("", "")]
    [InlineData("1", "1")]
    [InlineData("01", "01")]
    [InlineData("1.0.0", "1 0 0")]
    [InlineData("a", "a")]
    [InlineData("b", "b")]
    [InlineData("pre", "pre")]
    [InlineData("prea", "prea")]
    [InlineData("99999999999", "99999999999")]
    [InlineData("2147483647", "2147483647")]
    [InlineData("2147483648", "2147483648")]
    [InlineData("1-2", "1 2")]
    [InlineData("1..2", "1 2")]
    [InlineData("-", "")]
    [InlineData("é", "é")]
    [InlineData("A", "A")]
    [InlineData("1a2", "1 a 2")]
    [InlineData("1.a.2", "1 a 2")]
    [InlineData("1+2", "1 + 2")]
    [InlineData("2.3.pre", "2 3 pre")]
    [InlineData("2.3.", "2 3")]
    [InlineData("0", "0")]
    [InlineData("00", "00")]
    public void A_version_splits_into_its_components(string version, string components)
    {
        var found = new List<string>();
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(version);
        for (var next = VersionText.NextComponent(ref rest); !next.IsEmpty; next = VersionText.NextComponent(ref rest))
        {
            found.Add(Encoding.UTF8.GetString(next));
        }

        Assert.Equal(components, string.Join(' ', found));
    }

    [Theory]
    [InlineData("a-b-1.0", "a-b", "1.0")]
    [InlineData("a-1-b", "a", "1-b")]
    [InlineData("a--1", "a", "-1")]
    [InlineData("a-", "a-", "")]
    [InlineData("-1", "", "1")]
    [InlineData("", "", "")]
    [InlineData("a-é", "a", "é")]
    [InlineData("apache-httpd-2.0.48", "apache-httpd", "2.0.48")]
    [InlineData("a-B", "a-B", "")]
    [InlineData("a-_x-1", "a", "_x-1")]
    public void The_version_starts_behind_a_dash_that_no_letter_follows(string fullName, string name, string version)
    {
        var bytes = Encoding.UTF8.GetBytes(fullName);
        var dash = VersionText.FindVersionDash(bytes);

        Assert.Equal(name, Encoding.UTF8.GetString(bytes.AsSpan(0, dash ?? bytes.Length)));
        Assert.Equal(version, dash is { } at ? Encoding.UTF8.GetString(bytes.AsSpan(at + 1)) : "");
    }

    [Fact]
    public void The_other_way_round_the_answer_is_the_opposite() =>
        Gen.Char["019.-ape+"].Array[0, 8].Select(Gen.Char["019.-ape+"].Array[0, 8])
            .Sample((one, other) => Compare(new(one), new(other)) == -Compare(new(other), new(one)));

    private static int Compare(string one, string other) =>
        VersionText.Compare(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    private static char Sign(int order) => "<=>"[Math.Sign(order) + 1];
}
