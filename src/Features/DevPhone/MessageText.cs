using System.Text.RegularExpressions;

namespace PatientResponse.Features.DevPhone;

public sealed record TextPart(string Text, bool IsLink);

/// <summary>A message as a phone shows it: its links can be pressed.</summary>
public static class MessageText
{
    /// <summary>Parts the text at its links. Only our own addresses count: a message may quote anything that anybody typed.</summary>
    /// <param name="root">Our public address, without a slash at its end.</param>
    public static IReadOnlyList<TextPart> Parts(string text, string root)
    {
        var parts = new List<TextPart>();
        var end = 0;
        // A slash ends the host's name: without it http://localhost.example would count as http://localhost.
        foreach (Match link in Regex.Matches(text, Regex.Escape(root) + @"/[^\s<>""]*(?<![.,;:!?)])"))
        {
            Add(text[end..link.Index], isLink: false);
            Add(link.Value, isLink: true);
            end = link.Index + link.Length;
        }
        Add(text[end..], isLink: false);
        return parts;

        void Add(string part, bool isLink)
        {
            if (part != "")
                parts.Add(new(part, isLink));
        }
    }
}
