using System.Text;
using Firn.Model.Text;

namespace Firn.Tests.Model.Text;

public sealed class XmlTextTests
{
    [Fact]
    public void A_document_is_indented_and_its_attributes_are_sorted_and_escaped()
    {
        var xml = new XmlText();
        xml.Open("expr");
        xml.Open("attr", new XmlAttribute("path", "/a"), new XmlAttribute("line", "1"), new XmlAttribute("column", "2"));
        xml.Empty("string", new XmlAttribute("value", "a\n\t<>&'\r\"é"));
        xml.Empty("null");
        xml.Close();
        xml.Close();

        Assert.Equal(
            "<?xml version='1.0' encoding='utf-8'?>\n<expr>\n"
            + "  <attr column=\"2\" line=\"1\" path=\"/a\">\n"
            + "    <string value=\"a&#xA;\t&lt;&gt;&amp;'\r&quot;é\" />\n"
            + "    <null />\n  </attr>\n</expr>\n",
            Encoding.UTF8.GetString(xml.Written));
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_pass_through()
    {
        var xml = new XmlText();
        xml.Empty("string", new XmlAttribute("value", new byte[] { 0xFF, (byte)'<' }));

        Assert.True(xml.Written.IndexOf(new byte[] { 0x22, 0xFF, 0x26, 0x6C, 0x74, 0x3B, 0x22 }) > 0);
    }
}
