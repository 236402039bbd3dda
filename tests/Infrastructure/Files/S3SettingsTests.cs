using Microsoft.Extensions.Configuration;
using PatientResponse.Infrastructure.Files.Store;

namespace PatientResponse.Tests.Infrastructure.Files;

public sealed class S3SettingsTests
{
    private const string Sound = "Provider=s3;S3:Bucket=files;S3:ServiceUrl=https://s3.example.nhs.uk;S3:AccessKey=a;S3:SecretKey=b";

    [Theory]
    [InlineData("")]
    [InlineData("Provider=folder")]
    [InlineData(Sound)]
    [InlineData("Provider=s3;S3:Bucket=files;S3:Region=eu-west-2")]
    [InlineData(Sound + ";S3:ServerSideEncryption=AES256")]
    [InlineData(Sound + ";S3:ServerSideEncryption=aws:kms;S3:KmsKeyId=key")]
    public void Sound_settings_start_in_production(string settings) => Assert.Empty(Problems(settings, isProduction: true));

    [Theory]
    [InlineData("Provider=disk", "Files:Provider must")]
    [InlineData("Provider=s3;S3:Region=eu-west-2", "Files:S3:Bucket must")]
    [InlineData("Provider=s3;S3:Bucket=files", "Files:S3:Region must")]
    [InlineData(Sound + ";S3:ServiceUrl=http://s3.example.nhs.uk", "Files:S3:ServiceUrl must")]
    [InlineData(Sound + ";S3:ServiceUrl=s3.example.nhs.uk", "Files:S3:ServiceUrl must")]
    [InlineData(Sound + ";S3:SecretKey=", "Files:S3:AccessKey and")]
    [InlineData(Sound + ";S3:AccessKey=", "Files:S3:AccessKey and")]
    [InlineData(Sound + ";S3:ServerSideEncryption=yes", "Files:S3:ServerSideEncryption must")]
    [InlineData(Sound + ";S3:KmsKeyId=key", "Files:S3:KmsKeyId is")]
    public void A_missing_or_unsafe_setting_is_named(string settings, string problem) =>
        Assert.StartsWith(problem, Assert.Single(Problems(settings, isProduction: true)), StringComparison.Ordinal);

    [Fact]
    public void All_that_is_missing_is_said_at_once() => Assert.Equal(2, Problems("Provider=s3", isProduction: true).Count());

    [Fact]
    public void In_development_a_server_on_this_machine_needs_no_https() =>
        Assert.Empty(Problems(Sound + ";S3:ServiceUrl=http://localhost:9000", isProduction: false));

    private static IEnumerable<string> Problems(string settings, bool isProduction)
    {
        var configuration = new ConfigurationManager();
        foreach (var setting in settings.Split(';', StringSplitOptions.RemoveEmptyEntries))
            configuration[$"Files:{setting.Split('=')[0]}"] = setting.Split('=', 2)[1];
        return S3Settings.Problems(configuration, isProduction);
    }
}
