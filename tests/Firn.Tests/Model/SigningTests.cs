using System.Text;
using Firn.Model.Diagnostics;
using Firn.Model.Hashing;
using Firn.Model.PathInfos;
using Firn.Model.Realisations;
using Firn.Model.Signing;
using Firn.Model.StorePaths;

namespace Firn.Tests.Model;

public sealed class SigningTests
{
    private static readonly PathInfo _info = new()
    {
        Path = StorePath.Parse("syd87l2rxw8cbsxmxl853h0r6pdwhwjr-curl-7.82.0-bin"),
        NarHash = Hash.Parse("sha256:1b4sb93wp679q4zx9k1ignby1yna3z7c4c2ri3wphylbc2dwsys0"),
        NarSize = 196040,
        References = [StorePath.Parse("0jqd0rlxzra1rs38rdxl43yh6rxchgc6-curl-7.82.0"), StorePath.Parse("6w8g7njm4mck5dmjxws0z1xnrxvl81xa-glibc-2.34-115")],
    };

    [Fact]
    public void The_fingerprint_is_that_of_the_manual()
    {
        // From the manual of NixOS/nix, "Store object signing".
        var key = PublicKey.Parse("cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=");

        Assert.Equal("cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=", key.ToString());
        Assert.Equal(
            "1;/nix/store/syd87l2rxw8cbsxmxl853h0r6pdwhwjr-curl-7.82.0-bin;sha256:1b4sb93wp679q4zx9k1ignby1yna3z7c4c2ri3wphylbc2dwsys0;196040;"
            + "/nix/store/0jqd0rlxzra1rs38rdxl43yh6rxchgc6-curl-7.82.0,/nix/store/6w8g7njm4mck5dmjxws0z1xnrxvl81xa-glibc-2.34-115",
            Fingerprint.Of(_info, StoreDirectory.Default));
    }

    [Fact]
    public void What_a_key_signs_its_public_half_accepts_and_no_other()
    {
        using var key = SecretKey.Generate("mine-1");
        using var other = SecretKey.Generate("mine-1");
        using var again = SecretKey.Parse(key.Export());
        var signed = key.Sign(_info, StoreDirectory.Default);

        Assert.Equal(1, signed.CountSignatures(StoreDirectory.Default, [again.PublicKey]));
        Assert.Equal(0, signed.CountSignatures(StoreDirectory.Default, [other.PublicKey]));
        Assert.Equal(0, (signed with { NarSize = 1 }).CountSignatures(StoreDirectory.Default, [key.PublicKey]));
    }

    [Fact]
    public void A_broken_secret_key_is_not_repeated_in_the_error() =>
        Assert.DoesNotContain("c2VjcmV0", Assert.Throws<InvalidFormatException>(() => SecretKey.Parse("name:c2VjcmV0")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_narinfo_comes_back_as_it_was_written()
    {
        var narInfo = new NarInfo(_info with { Signatures = ["a:x", "b:y"], Deriver = _info.References[0] }, "nar/x.nar.xz", "xz", _info.NarHash, 7);

        var text = NarInfoText.Write(narInfo, StoreDirectory.Default);

        Assert.Equal(text, NarInfoText.Write(NarInfoText.Read(text, StoreDirectory.Default, "x"), StoreDirectory.Default));
        Assert.StartsWith("StorePath: /nix/store/syd87l2rxw8cbsxmxl853h0r6pdwhwjr-curl-7.82.0-bin\nURL: nar/x.nar.xz\nCompression: xz\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("StorePath: x", "has no end")]
    [InlineData("StorePath\n", "expecting ':'")]
    [InlineData("NarSize: many\n", "'here' is not a valid NAR info file: 'many' is not a valid size: it must be a number of bytes at line 1")]
    [InlineData("CA: text:sha256:0000000000000000000000000000000000000000000000000000\nCA: x\n", "file: 'CA' is not a valid field: it stands there twice at line 2")]
    [InlineData("", "StorePath missing")]
    public void A_broken_narinfo_is_named_with_its_fault(string text, string fault) => Assert.Contains(
        fault, Assert.Throws<InvalidFormatException>(() => NarInfoText.Read(text, StoreDirectory.Default, "here")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_realisation_is_signed_without_its_signatures()
    {
        var realisation = new Realisation(new DrvOutput(_info.NarHash, "out"), StorePath.Parse("00000000000000000000000000000000-a+b"));

        Assert.Equal(
            $"{{\"dependentRealisations\":{{}},\"id\":\"{_info.NarHash.ToString(HashFormat.Base16)}!out\",\"outPath\":\"00000000000000000000000000000000-a+b\"}}",
            Encoding.UTF8.GetString(RealisationJson.Fingerprint(realisation with { Signatures = ["x:y"] })));
    }
}
