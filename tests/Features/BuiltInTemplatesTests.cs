using PatientResponse.Features.Composing;
using PatientResponse.Infrastructure.Sms;

namespace PatientResponse.Tests.Features;

public class BuiltInTemplatesTests
{
    private const int MostWordsInASentence = 20;
    private const string LongLink = "https://patientresponse.riverside.example.nhs.uk/r/" + SmsComposer.TokenStandIn;

    private static readonly PlaceholderValues Values = new("Alexandra", "Alexandra Fotheringham", "Dr Alexandra Fotheringham", "Riverside Surgery", "01632 960002");

    public static TheoryData<string> Ids => [.. BuiltInTemplates.All.Select(template => template.Id)];

    [Theory, MemberData(nameof(Ids))]
    public void Each_goes_out_in_at_most_three_texts_of_the_ordinary_alphabet(string id)
    {
        var template = Of(id);
        var sms = SmsComposer.Compose(Values.PatientFirstName, Placeholders.Expand(template.Text, Values), Values.PracticeName, template.AllowResponse ? LongLink : null);
        var size = SmsText.Measure(sms);

        Assert.Equal(SmsEncoding.Gsm7, size.Encoding);
        Assert.InRange(size.Fragments, 1, 3);
    }

    [Theory, MemberData(nameof(Ids))]
    public void Each_has_short_sentences_and_few_long_words(string id)
    {
        var sentences = Of(id).Text.Split(['.', '?', ':'], StringSplitOptions.RemoveEmptyEntries);
        Assert.All(sentences, sentence => Assert.InRange(Words(sentence).Length, 0, MostWordsInASentence));
        Assert.InRange(Words(Of(id).Text).Count(word => word.Length > 9), 0, 2);
    }

    [Theory, MemberData(nameof(Ids))]
    public void Each_has_only_placeholders_that_we_know(string id) => Assert.Empty(Placeholders.Unknown(Of(id).Text));

    [Fact]
    public void There_are_twelve_and_no_two_are_alike()
    {
        Assert.Equal(12, BuiltInTemplates.All.Count);
        Assert.Equal(12, BuiltInTemplates.All.Select(template => template.Id).Distinct().Count());
        Assert.Equal(12, BuiltInTemplates.All.Select(template => template.Name).Distinct().Count());
    }

    private static Template Of(string id) => BuiltInTemplates.All.Single(template => template.Id == id);

    private static string[] Words(string text) => text.Split([' ', '(', ')', '[', ']', ','], StringSplitOptions.RemoveEmptyEntries);
}
