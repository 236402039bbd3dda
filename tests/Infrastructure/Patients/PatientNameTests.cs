using PatientResponse.Infrastructure.Patients;

namespace PatientResponse.Tests.Infrastructure.Patients;

public class PatientNameTests
{
    [Theory]
    [InlineData("obrien", "O'Brien", "O’Brien", "OBrien", "o brien", "O‘BRIEN", "O`brien", "Ó Brien", "O-Brien")]
    [InlineData("smith jones", "Smith-Jones", "smith jones", "SMITH – JONES", "Smith\u2011Jones", " Smith,  Jones ")]
    [InlineData("zoe", "Zoë", "ZOE", "Zoe\u0308")]
    [InlineData("lukasz wojcik", "Łukasz Wójcik", "lukasz wojcik")]
    [InlineData("folake olatunji", "Folákẹ́ Ọlátúnjí")]
    [InlineData("nguyen thi huong", "Nguyễn Thị Hương")]
    [InlineData("gross kathe", "Groß Käthe", "GROSS Kathe")]
    [InlineData("bjork thorsdottir", "Björk Þórsdóttir")]
    [InlineData("soren aesop", "Søren Æsop")]
    [InlineData("ibrahim yildiz", "İbrahim Yıldız", "IBRAHIM YILDIZ")]
    [InlineData("st john mollusc", "St. John-Mollusc")]
    [InlineData("李 娜", "李 娜")]
    [InlineData("o min jun", "O, Min-jun")]
    [InlineData("", "", " ' - . , ", "\uD800")]
    public void Writings_of_one_name_meet(string expected, params string[] writings) =>
        Assert.All(writings, name => Assert.Equal(expected, PatientName.Normalise(name)));

    [Theory]
    [InlineData("Jane", "Smith", "Smith, Jane")]
    [InlineData("Jane", "Smith", "Jane Smith")]
    [InlineData("Jane", "Smith", "ja smi")]
    [InlineData("Hannah", "Smith-Jones", "jones")]
    [InlineData("Siobhán", "O'Brien", "o brien")]
    [InlineData("Siobhán", "O'Brien", "brien, siobhan")]
    [InlineData("Declan", "OBrien", "O'Brien")]
    [InlineData("Anita", "D'Souza", "d souza")]
    [InlineData("Anita", "D'Souza", "dsouza")]
    public void A_patient_is_found_by(string given, string family, string typed) => Assert.True(Finds(given, family, typed));

    [Theory]
    [InlineData("Jane", "Smith", "mith")]
    [InlineData("Jane", "Smith", "Jane Smithson")]
    [InlineData("Jane", "Smith", "John Smith")]
    public void A_patient_is_not_found_by(string given, string family, string typed) => Assert.False(Finds(given, family, typed));

    [Fact]
    public void Every_sample_patient_is_found_by_name_in_either_order() =>
        Assert.All(SamplePatients.Read().Where(p => (p.FamilyName + p.GivenName).Count(char.IsLetter) > 1), p =>
        {
            Assert.True(Finds(p.GivenName, p.FamilyName, $"{p.GivenName} {p.FamilyName}"));
            Assert.True(Finds(p.GivenName, p.FamilyName, $"{p.FamilyName.ToUpperInvariant()}, {p.GivenName}"));
        });

    [Fact]
    public void A_normalised_name_is_words_with_one_space_between() => Property.HoldsForAnyText(text =>
    {
        var name = PatientName.Normalise(text ?? "");
        Assert.Equal(string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), name);
        Assert.Equal(name.ToLowerInvariant(), name);
    });

    private static bool Finds(string given, string family, string typed) =>
        PatientName.Matches(PatientName.SearchKey(given, family), Assert.IsType<PatientQuery.ByName>(PatientQuery.Parse(typed, null)));
}
